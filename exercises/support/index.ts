/**
 * 演習のプログラムが使う型などです。
 *
 * @module
 */
export { type Mistake } from './mistakes.ts';
export { NotImplementedError } from './notImplemented.ts';
export { type Image, type Images, type Matrix, type Random, type Vector } from './types.ts';
