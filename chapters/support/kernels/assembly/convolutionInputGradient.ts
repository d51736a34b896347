// 畳み込みの、入力についての勾配。
//
// 出力の 1 行ごとに「dy [OW, OC] × フィルターの転置 [OC, FH × FW × C]」を計算し、その結果を入力の対応する場所へ足します。
// 結果は 1 行ぶんだけ持てばよいので、L1 キャッシュに収まります。
import { roundUp8 } from './simd';
import { Geometry, cropImage, writeSegments } from './geometry';
import { packPanels } from './packing';
import { START_ZERO, tile1, tile2, tile4 } from './tiles';

/** この計算が使う作業領域のバイト数。 */
export function convolutionInputGradientScratch(g: Geometry): usize {
  return (
    16 + (<usize>g.numSegments << 2) + ((<usize>g.outChannels * roundUp8(g.patch)) << 2) +
    ((<usize>g.outWidth * g.patch) << 2) + g.paddedBytes + 64
  );
}

/** dy の 1 行 [OW, OC] から columns [OW, patch] を計算します。 */
function rowTimesFilter(g: Geometry, dy: usize, panels: usize, zero: usize, columns: usize): void {
  const aRow = <usize>g.outChannels << 2, cStride = <usize>g.patch << 2, panelBytes = <usize>g.outChannels << 5;
  const depth = g.outChannels;
  let x = 0;
  while (x + 4 <= g.outWidth) {
    const a1 = dy + aRow, a2 = a1 + aRow, a3 = a2 + aRow;
    let panel = panels;
    for (let j = 0; j < g.patch; j += 8) {
      tile4(dy, a1, a2, a3, 4, depth, zero, 1, panel, 32, columns + (<usize>j << 2), cStride, min<i32>(8, g.patch - j), START_ZERO, 0, false);
      panel += panelBytes;
    }
    dy += 4 * aRow;
    columns += 4 * cStride;
    x += 4;
  }
  if (x + 2 <= g.outWidth) {
    let panel = panels;
    for (let j = 0; j < g.patch; j += 8) {
      tile2(dy, dy + aRow, 4, depth, zero, 1, panel, 32, columns + (<usize>j << 2), cStride, min<i32>(8, g.patch - j), START_ZERO, 0, false);
      panel += panelBytes;
    }
    dy += 2 * aRow;
    columns += 2 * cStride;
    x += 2;
  }
  if (x < g.outWidth) {
    let panel = panels;
    for (let j = 0; j < g.patch; j += 8) {
      tile1(dy, 4, depth, zero, 1, panel, 32, columns + (<usize>j << 2), min<i32>(8, g.patch - j), START_ZERO, 0, false);
      panel += panelBytes;
    }
  }
}

/** target の count 個に source を足します。 */
@inline
function addRun(target: usize, source: usize, count: i32): void {
  for (; count >= 4; count -= 4) {
    v128.store(target, f32x4.add(v128.load(target), v128.load(source)));
    target += 16;
    source += 16;
  }
  if (count >= 2) {
    v128.store64_lane(target, f32x4.add(v128.load64_zero(target), v128.load64_zero(source)), 0);
    target += 8;
    source += 8;
    count -= 2;
  }
  if (count > 0) store<f32>(target, load<f32>(target) + load<f32>(source));
}

/** dy [N, OH, OW, OC]、filter [FH, FW, C, OC] → dx [N, H, W, C]。 */
export function convolutionInputGradient(g: Geometry, dy: usize, filter: usize, dx: usize, scratch: usize): void {
  const zero = scratch;
  store<u32>(zero, 0);
  const segments = scratch + 16;
  const panels = segments + (<usize>g.numSegments << 2);
  const columns = panels + ((<usize>g.outChannels * roundUp8(g.patch)) << 2);
  const image = columns + ((<usize>g.outWidth * g.patch) << 2);
  // 詰め物がなく、窓が画像をちょうど覆うときは、出力へ直に足します。
  const direct = !g.needsPadding && g.paddedWidth == g.inWidth && g.paddedHeight == g.inHeight;
  const rowBytes = (<usize>g.paddedWidth * g.channels) << 2, pixelBytes = (<usize>g.strideWidth * g.channels) << 2;
  writeSegments(g, rowBytes, segments);
  packPanels(filter, 4, <usize>g.outChannels << 2, g.outChannels, g.patch, panels);
  const dyRow = (<usize>g.outWidth * g.outChannels) << 2, run = g.segmentLength;
  for (let n = 0; n < g.batch; n++) {
    const target = direct ? dx : image;
    memory.fill(target, 0, g.paddedBytes);
    for (let oy = 0; oy < g.outHeight; oy++) {
      rowTimesFilter(g, dy, panels, zero, columns);
      let source = columns;
      let pixel = target + <usize>oy * g.strideHeight * rowBytes;
      for (let ox = 0; ox < g.outWidth; ox++) {
        for (let s = 0; s < g.numSegments; s++) {
          addRun(pixel + load<u32>(segments + (<usize>s << 2)), source, run);
          source += <usize>run << 2;
        }
        pixel += pixelBytes;
      }
      dy += dyRow;
    }
    if (!direct) cropImage(g, image, dx);
    dx += g.imageBytes;
  }
}
