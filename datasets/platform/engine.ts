import v8 from 'node:v8';

/**
 * relaxed SIMD(積和を 1 命令で計算する WebAssembly の拡張)を使えるようにします。
 *
 * Node 20 の V8 では旗の後ろにあります。新しい V8 でははじめから使え、この旗はもうないので、
 * `WebAssembly.validate` で使えないと分かったときだけ呼び、呼んだあとでもう一度確かめてください。
 */
export function enableRelaxedSimd(): void {
  v8.setFlagsFromString('--experimental-wasm-relaxed-simd');
}
