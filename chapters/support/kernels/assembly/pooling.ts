// 最大値プーリングと、その勾配。窓の外(詰め物)は最大値の候補に入れません。
import { Geometry } from './geometry';

/** 窓の 4 チャンネルの最大値。NaN があれば NaN です。 */
@inline
function windowMax(corner: usize, rows: i32, columns: i32, rowBytes: usize, pixelBytes: usize): v128 {
  let best = f32x4.splat(-Infinity);
  for (let y = 0; y < rows; y++) {
    let pixel = corner;
    for (let x = 0; x < columns; x++) {
      best = f32x4.max(best, v128.load(pixel));
      pixel += pixelBytes;
    }
    corner += rowBytes;
  }
  return best;
}

@inline
function windowMax1(corner: usize, rows: i32, columns: i32, rowBytes: usize, pixelBytes: usize): f32 {
  let best: f32 = -Infinity;
  for (let y = 0; y < rows; y++) {
    let pixel = corner;
    for (let x = 0; x < columns; x++) {
      best = max<f32>(best, load<f32>(pixel));
      pixel += pixelBytes;
    }
    corner += rowBytes;
  }
  return best;
}

/** 2×2 の窓の windowMax。いちばん多い形なので、繰り返しをほどいておきます。 */
@inline
function max2x2(corner: usize, rowBytes: usize, pixelBytes: usize): v128 {
  const below = corner + rowBytes;
  return f32x4.max(
    f32x4.max(v128.load(corner), v128.load(corner + pixelBytes)),
    f32x4.max(v128.load(below), v128.load(below + pixelBytes)),
  );
}

/** x [N, H, W, C] → output [N, OH, OW, C]。 */
export function maxPool(g: Geometry, x: usize, output: usize): void {
  const c = <usize>g.channels << 2, rowBytes = <usize>g.inWidth * c;
  for (let n = 0; n < g.batch; n++) {
    for (let oy = 0; oy < g.outHeight; oy++) {
      const top = oy * g.strideHeight - g.padTop, y0 = max<i32>(0, top), rows = min<i32>(g.inHeight, top + g.filterHeight) - y0;
      for (let ox = 0; ox < g.outWidth; ox++) {
        const left = ox * g.strideWidth - g.padLeft, x0 = max<i32>(0, left), columns = min<i32>(g.inWidth, left + g.filterWidth) - x0;
        const corner = x + <usize>y0 * rowBytes + <usize>x0 * c;
        if (c >= 16) {
          // 最後の 4 チャンネルは手前へ重ねて読みます。同じ値を 2 度書くだけなので結果は変わりません。
          for (let i: usize = 0; i < c; i += 16) {
            const at = min<usize>(i, c - 16);
            const best = rows == 2 && columns == 2 ? max2x2(corner + at, rowBytes, c) : windowMax(corner + at, rows, columns, rowBytes, c);
            v128.store(output + at, best);
          }
        } else {
          for (let i: usize = 0; i < c; i += 4) store<f32>(output + i, windowMax1(corner + i, rows, columns, rowBytes, c));
        }
        output += c;
      }
    }
    x += g.imageBytes;
  }
}

/** 窓が重ならないとき: 窓の中の各画素に、最初の最大値なら dy を、それ以外なら 0 を書きます(4 チャンネル)。 */
@inline
function scatter4(corner: usize, dx: usize, dy: v128, rows: i32, columns: i32, rowBytes: usize, pixelBytes: usize): void {
  const best = windowMax(corner, rows, columns, rowBytes, pixelBytes);
  let remaining = i32x4.splat(-1);
  for (let y = 0; y < rows; y++) {
    let offset: usize = <usize>y * rowBytes;
    for (let x = 0; x < columns; x++) {
      const hit = v128.and(f32x4.eq(v128.load(corner + offset), best), remaining);
      v128.store(dx + offset, v128.and(hit, dy));
      remaining = v128.andnot(remaining, hit);
      offset += pixelBytes;
    }
  }
}

/** 窓の最初の最大値に dy を足します(1 チャンネル)。窓が重なるときはこちらを使います。 */
@inline
function scatter1(corner: usize, dx: usize, dy: f32, rows: i32, columns: i32, rowBytes: usize, pixelBytes: usize): void {
  const best = windowMax1(corner, rows, columns, rowBytes, pixelBytes);
  for (let y = 0; y < rows; y++) {
    let offset: usize = <usize>y * rowBytes;
    for (let x = 0; x < columns; x++) {
      if (load<f32>(corner + offset) == best) {
        store<f32>(dx + offset, load<f32>(dx + offset) + dy);
        return;
      }
      offset += pixelBytes;
    }
  }
}

/** 2×2 の窓の scatter4。いちばん多い形なので、繰り返しをほどいておきます。 */
@inline
function scatter2x2(corner: usize, dx: usize, dy: v128, rowBytes: usize, pixelBytes: usize): void {
  const below = rowBytes + pixelBytes;
  const v0 = v128.load(corner), v1 = v128.load(corner + pixelBytes), v2 = v128.load(corner + rowBytes), v3 = v128.load(corner + below);
  // NaN のある窓では、どの画素も最大値と等しくならないことがあります(損失も NaN なので、学習はそこで止まります)。
  const best = f32x4.pmax(f32x4.pmax(v0, v1), f32x4.pmax(v2, v3));
  let hit = f32x4.eq(v0, best), seen = hit;
  v128.store(dx, v128.and(hit, dy));
  hit = v128.andnot(f32x4.eq(v1, best), seen);
  v128.store(dx + pixelBytes, v128.and(hit, dy));
  seen = v128.or(seen, hit);
  hit = v128.andnot(f32x4.eq(v2, best), seen);
  v128.store(dx + rowBytes, v128.and(hit, dy));
  seen = v128.or(seen, hit);
  v128.store(dx + below, v128.and(v128.andnot(f32x4.eq(v3, best), seen), dy));
}

/**
 * 最大値プーリングの勾配。窓の中で最初に最大だった画素に dy を渡します(PyTorch、TF.js の cpu バックエンドと同じ)。
 * x [N, H, W, C]、dy [N, OH, OW, C] → dx [N, H, W, C]。
 */
export function maxPoolGradient(g: Geometry, x: usize, dy: usize, dx: usize): void {
  const c = <usize>g.channels << 2, rowBytes = <usize>g.inWidth * c;
  const separate = g.strideHeight >= g.filterHeight && g.strideWidth >= g.filterWidth;
  // 窓が画像をちょうど敷き詰めるなら、どの画素にも必ず書くので、0 で埋めておく必要がありません。
  const tiled = separate && g.strideHeight == g.filterHeight && g.strideWidth == g.filterWidth && c >= 16 &&
    g.outHeight * g.strideHeight == g.inHeight && g.outWidth * g.strideWidth == g.inWidth;
  if (!tiled) memory.fill(dx, 0, <usize>g.batch * g.imageBytes);
  for (let n = 0; n < g.batch; n++) {
    for (let oy = 0; oy < g.outHeight; oy++) {
      const top = oy * g.strideHeight - g.padTop, y0 = max<i32>(0, top), rows = min<i32>(g.inHeight, top + g.filterHeight) - y0;
      for (let ox = 0; ox < g.outWidth; ox++) {
        const left = ox * g.strideWidth - g.padLeft, x0 = max<i32>(0, left), columns = min<i32>(g.inWidth, left + g.filterWidth) - x0;
        const offset = <usize>y0 * rowBytes + <usize>x0 * c;
        if (separate && c >= 16 && rows == 2 && columns == 2) {
          for (let i: usize = 0; i < c; i += 16) {
            const at = min<usize>(i, c - 16);
            scatter2x2(x + offset + at, dx + offset + at, v128.load(dy + at), rowBytes, c);
          }
        } else if (separate && c >= 16) {
          for (let i: usize = 0; i < c; i += 16) {
            const at = min<usize>(i, c - 16);
            scatter4(x + offset + at, dx + offset + at, v128.load(dy + at), rows, columns, rowBytes, c);
          }
        } else {
          for (let i: usize = 0; i < c; i += 4) {
            scatter1(x + offset + i, dx + offset + i, load<f32>(dy + i), rows, columns, rowBytes, c);
          }
        }
        dy += c;
      }
    }
    x += g.imageBytes;
    dx += g.imageBytes;
  }
}
