// チャンネルごとの畳み込み(depthwise)と、その勾配。filter は [FH, FW, C, 倍率]、出力チャンネルは C × 倍率です。
// 倍率 1(ほとんどの網がこれです)ではチャンネルを 4 つずつまとめ、それ以外は 1 つずつ計算します。
import { Geometry, cropImage, padImage } from './geometry';
import { multiplyAdd } from './simd';

/** 3 つの計算が使う作業領域のバイト数。 */
export function depthwiseScratch(g: Geometry): usize {
  return g.paddedBytes + 64;
}

/** x [N, H, W, C] → output [N, OH, OW, C × 倍率]。 */
export function depthwise(g: Geometry, x: usize, filter: usize, output: usize, scratch: usize): void {
  const c = <usize>g.channels << 2, out = <usize>g.outChannels << 2, multiplier = <usize>(g.outChannels / g.channels);
  const rowBytes = <usize>g.paddedWidth * c, tapRow = <usize>g.dilationHeight * rowBytes, tapColumn = <usize>g.dilationWidth * c;
  const vector = multiplier == 1 ? out & ~15 : 0;
  for (let n = 0; n < g.batch; n++) {
    padImage(g, x, scratch);
    for (let oy = 0; oy < g.outHeight; oy++) {
      for (let ox = 0; ox < g.outWidth; ox++) {
        const window = scratch + <usize>oy * g.strideHeight * rowBytes + <usize>ox * g.strideWidth * c;
        let i: usize = 0;
        for (; i < vector; i += 16) {
          let sum = f32x4.splat(0), weight = filter + i;
          for (let ky = 0; ky < g.filterHeight; ky++) {
            let pixel = window + <usize>ky * tapRow + i;
            for (let kx = 0; kx < g.filterWidth; kx++) {
              sum = multiplyAdd(v128.load(pixel), v128.load(weight), sum);
              pixel += tapColumn;
              weight += c;
            }
          }
          v128.store(output + i, sum);
        }
        for (; i < out; i += 4) {
          let sum: f32 = 0, weight = filter + i;
          const channel = ((i >> 2) / multiplier) << 2;
          for (let ky = 0; ky < g.filterHeight; ky++) {
            let pixel = window + <usize>ky * tapRow + channel;
            for (let kx = 0; kx < g.filterWidth; kx++) {
              sum += load<f32>(pixel) * load<f32>(weight);
              pixel += tapColumn;
              weight += out;
            }
          }
          store<f32>(output + i, sum);
        }
        output += out;
      }
    }
    x += g.imageBytes;
  }
}

/** x [N, H, W, C]、dy [N, OH, OW, C × 倍率] → dFilter [FH, FW, C, 倍率]。 */
export function depthwiseFilterGradient(g: Geometry, x: usize, dy: usize, dFilter: usize, scratch: usize): void {
  const c = <usize>g.channels << 2, out = <usize>g.outChannels << 2, multiplier = <usize>(g.outChannels / g.channels);
  const rowBytes = <usize>g.paddedWidth * c, step = <usize>g.strideWidth * c;
  const vector = multiplier == 1 ? out & ~15 : 0;
  memory.fill(dFilter, 0, <usize>g.filterHeight * g.filterWidth * out);
  for (let n = 0; n < g.batch; n++) {
    padImage(g, x, scratch);
    for (let ky = 0; ky < g.filterHeight; ky++) {
      for (let kx = 0; kx < g.filterWidth; kx++) {
        const weight = dFilter + <usize>(ky * g.filterWidth + kx) * out;
        const origin = scratch + <usize>ky * g.dilationHeight * rowBytes + <usize>kx * g.dilationWidth * c;
        let i: usize = 0;
        for (; i < vector; i += 16) {
          let sum = v128.load(weight + i), gradient = dy + i;
          for (let oy = 0; oy < g.outHeight; oy++) {
            let pixel = origin + <usize>oy * g.strideHeight * rowBytes + i;
            for (let ox = 0; ox < g.outWidth; ox++) {
              sum = multiplyAdd(v128.load(pixel), v128.load(gradient), sum);
              pixel += step;
              gradient += out;
            }
          }
          v128.store(weight + i, sum);
        }
        for (; i < out; i += 4) {
          let sum = load<f32>(weight + i), gradient = dy + i;
          const channel = ((i >> 2) / multiplier) << 2;
          for (let oy = 0; oy < g.outHeight; oy++) {
            let pixel = origin + <usize>oy * g.strideHeight * rowBytes + channel;
            for (let ox = 0; ox < g.outWidth; ox++) {
              sum += load<f32>(pixel) * load<f32>(gradient);
              pixel += step;
              gradient += out;
            }
          }
          store<f32>(weight + i, sum);
        }
      }
    }
    x += g.imageBytes;
    dy += <usize>g.pixels * out;
  }
}

/** dy [N, OH, OW, C × 倍率]、filter [FH, FW, C, 倍率] → dx [N, H, W, C]。 */
export function depthwiseInputGradient(g: Geometry, dy: usize, filter: usize, dx: usize, scratch: usize): void {
  const c = <usize>g.channels << 2, out = <usize>g.outChannels << 2, multiplier = <usize>(g.outChannels / g.channels);
  const rowBytes = <usize>g.paddedWidth * c;
  const vector = multiplier == 1 ? out & ~15 : 0;
  for (let n = 0; n < g.batch; n++) {
    memory.fill(scratch, 0, g.paddedBytes);
    for (let oy = 0; oy < g.outHeight; oy++) {
      for (let ox = 0; ox < g.outWidth; ox++) {
        const window = scratch + <usize>oy * g.strideHeight * rowBytes + <usize>ox * g.strideWidth * c;
        let weight = filter;
        for (let ky = 0; ky < g.filterHeight; ky++) {
          let pixel = window + <usize>ky * g.dilationHeight * rowBytes;
          for (let kx = 0; kx < g.filterWidth; kx++) {
            let i: usize = 0;
            for (; i < vector; i += 16) {
              v128.store(pixel + i, multiplyAdd(v128.load(dy + i), v128.load(weight + i), v128.load(pixel + i)));
            }
            for (; i < out; i += 4) {
              const channel = pixel + (((i >> 2) / multiplier) << 2);
              store<f32>(channel, load<f32>(channel) + load<f32>(dy + i) * load<f32>(weight + i));
            }
            pixel += <usize>g.dilationWidth * c;
            weight += out;
          }
        }
        dy += out;
      }
    }
    cropImage(g, scratch, dx);
    dx += g.imageBytes;
  }
}
