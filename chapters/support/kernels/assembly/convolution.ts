// 畳み込み(順伝播)。im2col で入力を複製せず、タイルが画像を直接読みます。
import { roundUp8 } from './simd';
import { Geometry, padImage, writePixelOffsets, writeSegments } from './geometry';
import { packBias, packPanels } from './packing';
import { START_BIAS, START_ZERO, tile1, tile2, tile4 } from './tiles';

/** ひとかたまりで計算する画素数。大きな画像でも、読んだ入力がキャッシュにあるうちに全チャンネルを計算します。 */
const PIXEL_BLOCK: i32 = 96;

/** 順伝播が使う作業領域のバイト数。 */
export function convolutionScratch(g: Geometry): usize {
  return (
    (<usize>g.pixels << 2) + (<usize>g.numSegments << 2) + (roundUp8(g.outChannels) << 2) +
    ((<usize>g.patch * roundUp8(g.outChannels)) << 2) + g.paddedBytes + 64
  );
}

/**
 * 画素 from〜to(1 枚の画像の中の通し番号)× 出力 8 チャンネル。
 * @param offsets 画素ごとの読み始めの表(writePixelOffsets)
 */
function pixelsTimesPanel(
  image: usize, offsets: usize, from: i32, to: i32, depth: i32, segments: usize, numSegments: i32,
  panel: usize, output: usize, cStride: usize, columns: i32, start: i32, bias: usize, relu: bool,
): void {
  let p = from;
  let entry = offsets + (<usize>from << 2);
  let out = output + <usize>from * cStride;
  while (p + 4 <= to) {
    tile4(
      image + load<u32>(entry), image + load<u32>(entry, 4), image + load<u32>(entry, 8), image + load<u32>(entry, 12),
      4, depth, segments, numSegments, panel, 32, out, cStride, columns, start, bias, relu,
    );
    entry += 16;
    out += 4 * cStride;
    p += 4;
  }
  if (p + 2 <= to) {
    tile2(
      image + load<u32>(entry), image + load<u32>(entry, 4),
      4, depth, segments, numSegments, panel, 32, out, cStride, columns, start, bias, relu,
    );
    entry += 8;
    out += 2 * cStride;
    p += 2;
  }
  if (p < to) {
    tile1(image + load<u32>(entry), 4, depth, segments, numSegments, panel, 32, out, columns, start, bias, relu);
  }
}

/**
 * 畳み込み。x [N, H, W, C]、filter [FH, FW, C, OC] → output [N, OH, OW, OC]。
 * @param bias OC 個のバイアスの番地(なければ 0)
 */
export function convolution(g: Geometry, x: usize, filter: usize, bias: usize, relu: bool, output: usize, scratch: usize): void {
  const padded = g.needsPadding;
  const rowBytes = (<usize>(padded ? g.paddedWidth : g.inWidth) * g.channels) << 2;
  const offsets = scratch;
  const segments = offsets + (<usize>g.pixels << 2);
  const paddedBias = segments + (<usize>g.numSegments << 2);
  const panels = paddedBias + (roundUp8(g.outChannels) << 2);
  const image = panels + ((<usize>g.patch * roundUp8(g.outChannels)) << 2);
  writePixelOffsets(g, rowBytes, offsets);
  writeSegments(g, rowBytes, segments);
  if (bias) packBias(bias, g.outChannels, paddedBias);
  packPanels(filter, <usize>g.outChannels << 2, 4, g.patch, g.outChannels, panels);
  const cStride = <usize>g.outChannels << 2, panelBytes = <usize>g.patch << 5;
  const start = bias ? START_BIAS : START_ZERO;
  for (let n = 0; n < g.batch; n++) {
    let source = x;
    if (padded) {
      padImage(g, x, image);
      source = image;
    }
    for (let from = 0; from < g.pixels; from += PIXEL_BLOCK) {
      const to = min<i32>(g.pixels, from + PIXEL_BLOCK);
      let panel = panels;
      for (let j = 0; j < g.outChannels; j += 8) {
        const offset = <usize>j << 2;
        pixelsTimesPanel(
          source, offsets, from, to, g.segmentLength, segments, g.numSegments,
          panel, output + offset, cStride, min<i32>(8, g.outChannels - j), start, paddedBias + offset, relu,
        );
        panel += panelBytes;
      }
    }
    x += g.imageBytes;
    output += <usize>g.pixels * cStride;
  }
}
