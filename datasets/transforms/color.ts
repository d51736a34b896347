import { UserError } from '#platform';
import { shuffledIndices } from '../random.ts';
import type { ImageBatch, Transform } from '../types.ts';
import { newPixels } from './pixels.ts';

const float32 = Math.fround; // torchvision は float32 で計算します。切り捨ての結果まで合わせるために使います。

/** 画素の最大値。整数なら 255、実数なら 1 です。 */
function largestValue(data: ImageBatch['data']): number {
  return data instanceof Uint8Array ? 255 : 1;
}

/**
 * 画素ごとの明るさを、人の目の感じ方に合わせた重みで求めます。[N, H, W, C] → N·H·W 個
 * 整数の画素では、torchvision と同じく小数を切り捨てます。
 */
function grayscale({ data, shape }: ImageBatch): ImageBatch['data'] {
  const channels = shape[3];
  if (channels === 1) return data;
  const gray = newPixels(data, data.length / channels);
  for (let pixel = 0; pixel < gray.length; pixel++) {
    const at = pixel * channels;
    const red = float32(0.2989) * data[at]!;
    const green = float32(0.587) * data[at + 1]!;
    const blue = float32(0.114) * data[at + 2]!;
    gray[pixel] = float32(float32(red) + float32(green)) + float32(blue);
  }
  return gray;
}

/**
 * 画素を、相手の値と混ぜます: factor × 画素 + (1 − factor) × 相手。
 * factor が 0 なら相手そのもの、1 なら元のまま、1 を超えると相手から遠ざかります。
 *
 * @param other - 画素の番号(0〜N·H·W − 1)から、混ぜる相手の値を返す関数。
 */
function blend(
  { data, shape }: ImageBatch,
  factor: number,
  other: (pixel: number) => number,
): ImageBatch {
  const channels = shape[3];
  const largest = largestValue(data);
  const own = float32(factor);
  const others = float32(1 - factor);
  const blended = newPixels(data, data.length);
  for (let pixel = 0; pixel < data.length / channels; pixel++) {
    const shared = float32(others * other(pixel));
    for (let channel = 0; channel < channels; channel++) {
      const at = pixel * channels + channel;
      const value = float32(float32(own * data[at]!) + shared);
      blended[at] = Math.min(Math.max(value, 0), largest); // 整数の画素では、ここで小数を切り捨てます。
    }
  }
  return { data: blended, shape };
}

function requireColorChannels(name: string, { shape }: ImageBatch): void {
  if (shape[3] !== 1 && shape[3] !== 3) {
    throw new UserError(
      `${name} は、チャネル数 ${shape[3]} の画像には使えません。`,
      'チャネル数が 3(RGB)か 1(白黒)の画像を渡してください。',
    );
  }
}

function requireFactor(name: string, factor: number): void {
  if (!(factor >= 0 && factor < Infinity)) {
    throw new UserError(
      `${name} の倍率 ${factor} は使えません。`,
      '0 以上の数を指定してください。',
    );
  }
}

/**
 * 明るさを変えます。黒と混ぜるのと同じです。形 [N, H, W, C] は変わりません。
 *
 * @param batch - 画像。整数なら 0〜255、実数なら 0〜1。
 * @param factor - 倍率。0 で真っ黒、1 で元のまま。
 * @returns 新しい画像。torchvision の `adjust_brightness` と同じ値です。
 * @throws UserError 倍率が負のとき、チャネル数が 1 でも 3 でもないとき。
 */
export function adjustBrightness(batch: ImageBatch, factor: number): ImageBatch {
  requireFactor('adjustBrightness', factor);
  requireColorChannels('adjustBrightness', batch);
  return blend(batch, factor, () => 0);
}

/**
 * 明暗の差を変えます。画像の平均の明るさの、灰色と混ぜるのと同じです。形 [N, H, W, C] は変わりません。
 *
 * @param batch - 画像。整数なら 0〜255、実数なら 0〜1。
 * @param factor - 倍率。0 で一面の灰色、1 で元のまま。
 * @returns 新しい画像。torchvision の `adjust_contrast` と同じ値です。
 * @throws UserError 倍率が負のとき、チャネル数が 1 でも 3 でもないとき。
 */
export function adjustContrast(batch: ImageBatch, factor: number): ImageBatch {
  requireFactor('adjustContrast', factor);
  requireColorChannels('adjustContrast', batch);
  const [n, h, w] = batch.shape;
  const gray = grayscale(batch);
  const means = Array.from({ length: n }, (_, image) => {
    let sum = 0;
    for (const value of gray.subarray(image * h * w, (image + 1) * h * w)) sum += value;
    return float32(sum / (h * w));
  });
  return blend(batch, factor, (pixel) => means[Math.floor(pixel / (h * w))]!);
}

/**
 * 鮮やかさを変えます。白黒にした画像と混ぜるのと同じです。形 [N, H, W, C] は変わりません。
 *
 * @param batch - 画像。整数なら 0〜255、実数なら 0〜1。
 * @param factor - 倍率。0 で白黒、1 で元のまま。
 * @returns 新しい画像。torchvision の `adjust_saturation` と同じ値です。
 * @throws UserError 倍率が負のとき、チャネル数が 1 でも 3 でもないとき。
 */
export function adjustSaturation(batch: ImageBatch, factor: number): ImageBatch {
  requireFactor('adjustSaturation', factor);
  requireColorChannels('adjustSaturation', batch);
  if (batch.shape[3] === 1) return batch; // 白黒の画像には、鮮やかさがありません。
  const gray = grayscale(batch);
  return blend(batch, factor, (pixel) => gray[pixel]!);
}

/**
 * 色相(赤、黄、緑、青…と並ぶ輪の上の位置)をずらします。形 [N, H, W, C] は変わりません。
 *
 * @param batch - 画像。整数なら 0〜255、実数なら 0〜1。
 * @param factor - ずらす量(−0.5〜0.5)。輪を 1 周すると 1 なので、±0.5 で反対の色になります。
 * @returns 新しい画像。torchvision の `adjust_hue` と同じ値です。
 * @throws UserError ずらす量が −0.5〜0.5 でないとき、チャネル数が 1 でも 3 でもないとき。
 */
export function adjustHue(batch: ImageBatch, factor: number): ImageBatch {
  if (!(factor >= -0.5 && factor <= 0.5)) {
    throw new UserError(
      `adjustHue のずらす量 ${factor} は使えません。`,
      '−0.5 以上 0.5 以下の数を指定してください。',
    );
  }
  requireColorChannels('adjustHue', batch);
  const { data, shape } = batch;
  if (shape[3] === 1) return batch; // 白黒の画像には、色相がありません。
  const largest = largestValue(data);
  const toOutput = data instanceof Uint8Array ? 255.999 : 1; // 切り捨てても元の整数に戻る倍率です。
  const adjusted = newPixels(data, data.length);
  for (let at = 0; at < data.length; at += 3) {
    const [hue, saturation, value] = rgbToHsv(
      data[at]! / largest,
      data[at + 1]! / largest,
      data[at + 2]! / largest,
    );
    const shifted = (hue + factor + 1) % 1;
    const rgb = hsvToRgb(shifted, saturation, value);
    for (let channel = 0; channel < 3; channel++) {
      adjusted[at + channel] = rgb[channel]! * toOutput;
    }
  }
  return { data: adjusted, shape };
}

/** 赤、緑、青(0〜1)を、色相、彩度、明度(どれも 0〜1)に直します。 */
function rgbToHsv(r: number, g: number, b: number): [h: number, s: number, v: number] {
  const value = Math.max(r, g, b);
  const range = value - Math.min(r, g, b);
  if (range === 0) return [0, 0, value]; // 灰色には色相がありません。
  let sixth: number; // 輪を 6 つに分けた位置(赤 0、緑 2、青 4)
  if (value === r) sixth = (g - b) / range;
  else if (value === g) sixth = 2 + (b - r) / range;
  else sixth = 4 + (r - g) / range;
  return [(sixth / 6 + 1) % 1, range / value, value];
}

/** 色相、彩度、明度(どれも 0〜1)を、赤、緑、青(0〜1)に直します。 */
function hsvToRgb(h: number, s: number, v: number): readonly [r: number, g: number, b: number] {
  const sixth = Math.floor(h * 6);
  const fraction = h * 6 - sixth;
  const low = v * (1 - s);
  const falling = v * (1 - s * fraction);
  const rising = v * (1 - s * (1 - fraction));
  const colors = [
    [v, rising, low], // 赤から黄
    [falling, v, low], // 黄から緑
    [low, v, rising], // 緑から水色
    [low, falling, v], // 水色から青
    [rising, low, v], // 青から紫
    [v, low, falling], // 紫から赤
  ] as const;
  return colors[sixth % 6]!;
}

/** `colorJitter` の指定。数 1 つなら中心からの幅、組なら範囲 [最小, 最大] です。 */
export interface ColorJitterOptions {
  /** 明るさの倍率。数 x なら max(0, 1 − x)〜1 + x */
  readonly brightness?: number | readonly [min: number, max: number];
  /** 明暗の差の倍率。数 x なら max(0, 1 − x)〜1 + x */
  readonly contrast?: number | readonly [min: number, max: number];
  /** 鮮やかさの倍率。数 x なら max(0, 1 − x)〜1 + x */
  readonly saturation?: number | readonly [min: number, max: number];
  /** 色相をずらす量。数 x なら −x〜x(x は 0.5 まで) */
  readonly hue?: number | readonly [min: number, max: number];
}

/**
 * 画像ごとに、明るさ、明暗の差、鮮やかさ、色相を無作為に変えます。形 [N, H, W, C] は変わりません。
 *
 * 4 つをかける順も画像ごとに選びます。画素は 0〜255 か 0〜1 のもの、つまり `normalize` の前に使います。
 *
 * @param options - 変える範囲。書かないものは変えません。
 * @returns 変換。torchvision の `ColorJitter` に当たります。
 * @throws UserError 範囲が正しくないとき。
 */
export function colorJitter(options: ColorJitterOptions): Transform {
  const adjustments = (
    [
      ['brightness', adjustBrightness],
      ['contrast', adjustContrast],
      ['saturation', adjustSaturation],
      ['hue', adjustHue],
    ] as const
  ).map(([name, adjust]) => ({ range: jitterRange(name, options[name]), adjust }));

  return ({ data, shape }, random) => {
    const [n, h, w, c] = shape;
    const imageLength = h * w * c;
    const jittered = newPixels(data, data.length);
    for (let i = 0; i < n; i++) {
      let image: ImageBatch = {
        data: data.subarray(i * imageLength, (i + 1) * imageLength),
        shape: [1, h, w, c],
      };
      for (const index of shuffledIndices(adjustments.length, random)) {
        const { range, adjust } = adjustments[index]!;
        if (range) image = adjust(image, range[0] + (range[1] - range[0]) * random());
      }
      jittered.set(image.data, i * imageLength);
    }
    return { data: jittered, shape };
  };
}

/** 指定を範囲 [最小, 最大] に直します。何も変えない指定なら undefined です。 */
function jitterRange(
  name: keyof ColorJitterOptions,
  option: number | readonly [min: number, max: number] = 0,
): readonly [min: number, max: number] | undefined {
  const center = name === 'hue' ? 0 : 1;
  const [lowest, highest] = name === 'hue' ? [-0.5, 0.5] : [0, Number.MAX_VALUE];
  let range: readonly [min: number, max: number];
  if (typeof option !== 'number') range = option;
  else if (name === 'hue') range = [-option, option];
  else range = [Math.max(center - option, 0), center + option];

  const [min, max] = range;
  if (!(lowest <= min && min <= max && max <= highest)) {
    const allowed =
      name === 'hue' ? '0〜0.5 の数、または −0.5〜0.5 の範囲' : '0 以上の数、または 0 以上の範囲';
    throw new UserError(
      `colorJitter の ${name} の指定 ${String(option)} は使えません。`,
      `${allowed} [最小, 最大] を指定してください。`,
    );
  }
  return min === center && max === center ? undefined : range;
}
