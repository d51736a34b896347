/**
 * 採点(*.spec.ts)が使う道具です。どれも、違いを日本語の文で知らせます。
 *
 * @module
 */
export * as fc from 'fast-check';
export {
  callWatched,
  checkCall,
  checkThat,
  checkThrows,
  checkValue,
  equals,
  explainThrown,
  type Call,
  type Cause,
  type ThrowingCall,
  type Value,
} from './checkCall.ts';
export { findDifference } from './difference.ts';
export { GradingError, type Finding } from './gradingError.ts';
export { numericalGradient } from './numericalGradient.ts';
export {
  distinctSizes,
  forAll,
  imageOf,
  imagesOf,
  labelsOf,
  matrixOf,
  numberIn,
  vectorOf,
  type Range,
} from './properties.ts';
export { show } from './values.ts';
