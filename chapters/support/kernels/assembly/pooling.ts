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
            v128.store(output + at, windowMax(corner + at, rows, columns, rowBytes, c));
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

/**
 * 最大値プーリングの勾配。窓の中で最初に最大だった画素に dy を渡します(PyTorch、TF.js の cpu バックエンドと同じ)。
 * x [N, H, W, C]、dy [N, OH, OW, C] → dx [N, H, W, C]。
 */
export function maxPoolGradient(g: Geometry, x: usize, dy: usize, dx: usize): void {
  const c = <usize>g.channels << 2, rowBytes = <usize>g.inWidth * c;
  const separate = g.strideHeight >= g.filterHeight && g.strideWidth >= g.filterWidth;
  memory.fill(dx, 0, <usize>g.batch * g.imageBytes);
  for (let n = 0; n < g.batch; n++) {
    for (let oy = 0; oy < g.outHeight; oy++) {
      const top = oy * g.strideHeight - g.padTop, y0 = max<i32>(0, top), rows = min<i32>(g.inHeight, top + g.filterHeight) - y0;
      for (let ox = 0; ox < g.outWidth; ox++) {
        const left = ox * g.strideWidth - g.padLeft, x0 = max<i32>(0, left), columns = min<i32>(g.inWidth, left + g.filterWidth) - x0;
        const offset = <usize>y0 * rowBytes + <usize>x0 * c;
        if (separate && c >= 16) {
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
