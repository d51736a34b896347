/**
 * 00-09 色の揺らし方
 *
 * 難しさ: ★★★
 * 目安: 20 分
 *
 * 同じ猫でも、朝と夕方、晴れと曇りでは、写真の色が違います。1 枚の写真から、光の当たり方が違う写真を作るには、どうすればよいでしょうか。
 *
 * ColorJitter という変換は、明るさ、明暗の差、鮮やかさの倍率をでたらめに選びます。どれも「画素を別の値と混ぜる」計算です。
 *
 *   混ぜた値 = 倍率 × 元の値 + (1 − 倍率) × 相手の値
 *
 * 次の 4 つの関数を書いてください。倍率 factor は 0 以上です。1 なら元のまま、0 なら相手そのもの、1 を超えると相手から遠ざかります。
 *
 * 1. blend: 上の式で混ぜます。結果が 0 より小さければ 0、1 より大きければ 1 にします。
 * 2. adjustBrightness: 明るさを変えます。相手は黒(0)です。
 * 3. adjustContrast: 明暗の差を変えます。相手は、画像全体の画素の明るさを平均した、1 つの数です。
 * 4. adjustSaturation: 鮮やかさを変えます。相手は、その画素の明るさです。
 *
 * 画素 (赤, 緑, 青) の明るさは、0.2989 × 赤 + 0.587 × 緑 + 0.114 × 青 です。人の目が緑に敏感なので、緑の重みが大きくなっています。
 *
 * - 受けとるもの: 画像 [H, W, 3](値は 0 以上 1 以下)と、倍率 factor。
 * - 返すもの: 同じ形の、新しい画像。値は 0 以上 1 以下。
 *
 * 例:
 * ```ts
 * blend(0.2, 0.6, 0.75); // 0.75 × 0.2 + 0.25 × 0.6 = 0.3
 * adjustBrightness([[[0.2, 0.4, 0.8]]], 1.5); // [[[0.3, 0.6, 1]]]
 * adjustSaturation([[[0.2, 0.4, 0.6]]], 0); // 画素の明るさは 0.3630 なので、[[[0.3630, 0.3630, 0.3630]]]
 * // 画素の明るさは 0.3630 と 0.6027、平均は 0.4829
 * adjustContrast([[[0.2, 0.4, 0.6], [0.8, 0.6, 0.1]]], 0.5); // [[[0.3414, 0.4414, 0.5414], [0.6414, 0.5414, 0.2914]]]
 * ```
 *
 * @module
 */
import type { Image } from '#exercise';

/**
 * 値を、相手の値と混ぜます。
 *
 * @param value - 元の値。0 以上 1 以下。
 * @param other - 相手の値。0 以上 1 以下。
 * @param factor - 倍率。0 以上。
 * @returns 混ぜた値。0 以上 1 以下。
 */
export function blend(value: number, other: number, factor: number): number {
  // #region answer-blend
  const mixed = factor * value + (1 - factor) * other;
  return Math.min(Math.max(mixed, 0), 1);
  // #endregion
}

/**
 * 明るさを変えます。
 *
 * @param image - 画像。[H, W, 3]。
 * @param factor - 倍率。0 で真っ黒、1 で元のまま。
 * @returns 新しい画像。[H, W, 3]。
 */
export function adjustBrightness(image: Image, factor: number): Image {
  // #region answer-brightness
  return image.map((row) => row.map((pixel) => pixel.map((value) => blend(value, 0, factor))));
  // #endregion
}

/**
 * 明暗の差を変えます。
 *
 * @param image - 画像。[H, W, 3]。
 * @param factor - 倍率。0 で一面の灰色、1 で元のまま。
 * @returns 新しい画像。[H, W, 3]。
 */
export function adjustContrast(image: Image, factor: number): Image {
  // #region answer-contrast
  const grays = image.flat().map(([r, g, b]) => 0.2989 * r! + 0.587 * g! + 0.114 * b!);
  const mean = grays.reduce((sum, gray) => sum + gray, 0) / grays.length;
  return image.map((row) => row.map((pixel) => pixel.map((value) => blend(value, mean, factor))));
  // #endregion
}

/**
 * 鮮やかさを変えます。
 *
 * @param image - 画像。[H, W, 3]。
 * @param factor - 倍率。0 で白黒、1 で元のまま。
 * @returns 新しい画像。[H, W, 3]。
 */
export function adjustSaturation(image: Image, factor: number): Image {
  // #region answer-saturation
  return image.map((row) =>
    row.map((pixel) => {
      const gray = 0.2989 * pixel[0]! + 0.587 * pixel[1]! + 0.114 * pixel[2]!;
      return pixel.map((value) => blend(value, gray, factor));
    }),
  );
  // #endregion
}
