import v8 from 'node:v8';

/**
 * relaxed SIMD(積和を 1 命令で計算する WebAssembly の拡張)を使えるようにします。
 *
 * Node 20 の V8 では旗の後ろにあり、新しい V8 でははじめから使えます。知らない旗は V8 が無視します。
 * 本当に使えるかどうかは `WebAssembly.validate` で確かめてください。
 */
export function enableRelaxedSimd(): void {
  v8.setFlagsFromString('--experimental-wasm-relaxed-simd');
}
