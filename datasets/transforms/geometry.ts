import { UserError } from '#platform';
import type { ImageBatch, Transform } from '../types.ts';
import { newPixels, requireSize, type Size } from './pixels.ts';

/**
 * 出力の 1 画素を作るのに、入力のどの画素をどれだけ混ぜるか。
 * 縦と横は別々に計算できるので、1 つの方向の分だけを持ちます。
 */
interface Mixture {
  /** 混ぜる最初の画素の番号 */
  readonly start: number;
  /** `start` から順に、画素にかける重み。合計は 1 */
  readonly weights: readonly number[];
}

/** 縮小で細かな模様が乱れないように、縮めた割合だけ広い範囲を平均する混ぜ方です。 */
function antialiasedMixtures(inputSize: number, outputSize: number): Mixture[] {
  const scale = inputSize / outputSize;
  const reach = Math.max(scale, 1); // 中心から何画素先までを混ぜるか。拡大では隣の 1 画素までです。
  return Array.from({ length: outputSize }, (_, i) => {
    const center = scale * (i + 0.5);
    const start = Math.max(Math.trunc(center - reach + 0.5), 0);
    const end = Math.min(Math.trunc(center + reach + 0.5), inputSize);
    const triangle: number[] = []; // 中心でいちばん高く、reach だけ離れると 0 になる重み
    for (let j = start; j < end; j++) {
      triangle.push(Math.max(1 - Math.abs(j + 0.5 - center) / reach, 0));
    }
    const total = triangle.reduce((sum, weight) => sum + weight, 0);
    return { start, weights: triangle.map((weight) => weight / total) };
  });
}

/** 縮小でも、いつも隣り合う 2 画素だけを混ぜる混ぜ方です。 */
function neighborMixtures(inputSize: number, outputSize: number): Mixture[] {
  const scale = inputSize / outputSize;
  return Array.from({ length: outputSize }, (_, i) => {
    const position = Math.max(scale * (i + 0.5) - 0.5, 0);
    const start = Math.min(Math.floor(position), inputSize - 1);
    const weight = position - start;
    return { start, weights: start === inputSize - 1 ? [1] : [1 - weight, weight] };
  });
}

/** `resize` の指定。 */
export interface ResizeOptions {
  /** 縮小するときに、縮めた割合だけ広い範囲を平均するか(既定は true) */
  readonly antialias?: boolean;
}

/**
 * 画像を、双線形補間で拡大または縮小します。[N, H, W, C] → [N, 高さ, 幅, C]
 *
 * @param size - [高さ, 幅]。数 1 つなら短い辺の長さで、縦横の比は変わりません。
 * @param options - 補間のしかた。
 * @returns 変換。torchvision の `Resize`(テンソル、bilinear)と同じ値になります。
 * @throws UserError 大きさが 1 以上の整数でないとき。
 */
export function resize(size: Size, { antialias = true }: ResizeOptions = {}): Transform {
  requireSize('resize', size);
  const mixturesFor = antialias ? antialiasedMixtures : neighborMixtures;
  return ({ data, shape }) => {
    const [n, h, w, c] = shape;
    const [newH, newW] = typeof size === 'number' ? fitShortSide(size, h, w) : size;

    // まず横方向に混ぜて [N, H, newW, C] にします。
    const columns = mixturesFor(w, newW);
    const widened = new Float32Array(n * h * newW * c);
    let at = 0;
    for (let row = 0; row < n * h; row++) {
      for (const { start, weights } of columns) {
        for (let channel = 0; channel < c; channel++) {
          let sum = 0;
          for (let k = 0; k < weights.length; k++) {
            sum += weights[k]! * data[(row * w + start + k) * c + channel]!;
          }
          widened[at++] = sum;
        }
      }
    }

    // 次に縦方向に混ぜて [N, newH, newW, C] にします。
    const rows = mixturesFor(h, newH);
    const resized = newPixels(data, n * newH * newW * c);
    const isInteger = resized instanceof Uint8Array;
    const rowLength = newW * c;
    at = 0;
    for (let image = 0; image < n; image++) {
      for (const { start, weights } of rows) {
        const top = (image * h + start) * rowLength;
        for (let x = 0; x < rowLength; x++) {
          let sum = 0;
          for (let k = 0; k < weights.length; k++) {
            sum += weights[k]! * widened[top + k * rowLength + x]!;
          }
          resized[at++] = isInteger ? roundHalfToEven(sum) : sum;
        }
      }
    }
    return { data: resized, shape: [n, newH, newW, c] };
  };
}

function fitShortSide(size: number, h: number, w: number): [newH: number, newW: number] {
  return h <= w ? [size, Math.trunc((size * w) / h)] : [Math.trunc((size * h) / w), size];
}

/** ちょうど真ん中の値を偶数に丸めます。PyTorch と Python の `round` はこの丸め方です(例: 2.5 → 2)。 */
function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  const fraction = value - floor;
  if (fraction !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

/** 画像ごとに、左上が (top, left) の窓を切り出します。画像からはみ出した部分は 0(黒)です。 */
function cropEach(
  { data, shape }: ImageBatch,
  [height, width]: readonly [height: number, width: number],
  place: () => readonly [top: number, left: number],
): ImageBatch {
  const [n, h, w, c] = shape;
  const cropped = newPixels(data, n * height * width * c);
  for (let image = 0; image < n; image++) {
    const [top, left] = place();
    const firstColumn = Math.max(left, 0); // 窓と画像が重なる列の範囲
    const lastColumn = Math.min(left + width, w);
    for (let y = 0; y < height; y++) {
      const row = top + y;
      if (row < 0 || row >= h || firstColumn >= lastColumn) continue;
      const source = (image * h + row) * w;
      const target = (image * height + y) * width - left;
      cropped.set(
        data.subarray((source + firstColumn) * c, (source + lastColumn) * c),
        (target + firstColumn) * c,
      );
    }
  }
  return { data: cropped, shape: [n, height, width, c] };
}

/**
 * 画像の中央を切り出します。[N, H, W, C] → [N, 高さ, 幅, C]
 *
 * 画像より大きく切り出すときは、torchvision と同じく、足りない周りを 0(黒)で埋めます。
 *
 * @param size - [高さ, 幅]。数 1 つなら正方形の 1 辺。
 * @returns 変換。torchvision の `CenterCrop` に当たります。
 * @throws UserError 大きさが 1 以上の整数でないとき。
 */
export function centerCrop(size: Size): Transform {
  requireSize('centerCrop', size);
  const window = typeof size === 'number' ? ([size, size] as const) : size;
  return (batch) => {
    const [, h, w] = batch.shape;
    const place = [centerOffset(h, window[0]), centerOffset(w, window[1])] as const;
    return cropEach(batch, window, () => place);
  };
}

function centerOffset(imageSize: number, windowSize: number): number {
  return imageSize >= windowSize
    ? roundHalfToEven((imageSize - windowSize) / 2)
    : -Math.floor((windowSize - imageSize) / 2);
}

/** `randomCrop` の指定。 */
export interface RandomCropOptions {
  /** 切り出す前に、画像の四方に足す黒い縁の幅(画素)。既定は 0 */
  readonly padding?: number;
}

/**
 * 画像ごとに無作為な位置を切り出します。[N, H, W, C] → [N, 高さ, 幅, C]
 *
 * 縁を足してから元の大きさに切り出すと、写っている物の位置が縦横に少しずれた画像になります。
 *
 * @param size - [高さ, 幅]。数 1 つなら正方形の 1 辺。
 * @param options - 縁の幅。
 * @returns 変換。torchvision の `RandomCrop` に当たります。
 * @throws UserError 大きさが 1 以上の整数でないとき、縁が 0 以上の整数でないとき、縁を足した画像より大きいとき。
 */
export function randomCrop(size: Size, { padding = 0 }: RandomCropOptions = {}): Transform {
  requireSize('randomCrop', size);
  if (!Number.isInteger(padding) || padding < 0) {
    throw new UserError(
      `randomCrop の縁の幅 ${padding} は使えません。`,
      '0 以上の整数(画素数)を指定してください。',
    );
  }
  const [height, width] = typeof size === 'number' ? ([size, size] as const) : size;
  return (batch, random) => {
    const [, h, w] = batch.shape;
    const spareRows = h + 2 * padding - height;
    const spareColumns = w + 2 * padding - width;
    if (spareRows < 0 || spareColumns < 0) {
      const padded =
        padding === 0 ? '' : `(縁 ${padding} 画素を足して ${h + 2 * padding}×${w + 2 * padding})`;
      throw new UserError(
        `randomCrop の大きさ ${height}×${width} は、画像の大きさ ${h}×${w}${padded} より大きいので切り出せません。`,
        '切り出す大きさを小さくするか、padding を大きくしてください。',
      );
    }
    return cropEach(batch, [height, width], () => [
      Math.floor(random() * (spareRows + 1)) - padding,
      Math.floor(random() * (spareColumns + 1)) - padding,
    ]);
  };
}

/**
 * 画像ごとに、確率 p で左右を反転します。形 [N, H, W, C] は変わりません。
 *
 * @param p - 反転する確率(0〜1)。既定は 0.5
 * @returns 変換。torchvision の `RandomHorizontalFlip` に当たります。
 * @throws UserError p が 0〜1 でないとき。
 */
export function randomHorizontalFlip(p = 0.5): Transform {
  requireProbability('randomHorizontalFlip', p);
  return flipEach(p, (y, x, _height, width) => [y, width - 1 - x]);
}

/**
 * 画像ごとに、確率 p で上下を反転します。形 [N, H, W, C] は変わりません。
 *
 * @param p - 反転する確率(0〜1)。既定は 0.5
 * @returns 変換。torchvision の `RandomVerticalFlip` に当たります。
 * @throws UserError p が 0〜1 でないとき。
 */
export function randomVerticalFlip(p = 0.5): Transform {
  requireProbability('randomVerticalFlip', p);
  return flipEach(p, (y, x, height) => [height - 1 - y, x]);
}

/** 確率 p で、画素 (y, x) の値を `from` の指す画素から取ります。 */
function flipEach(
  p: number,
  from: (y: number, x: number, height: number, width: number) => [y: number, x: number],
): Transform {
  return ({ data, shape }, random) => {
    const [n, h, w, c] = shape;
    const flipped = data.slice();
    for (let image = 0; image < n; image++) {
      if (random() >= p) continue;
      const start = image * h * w;
      for (let y = 0; y < h; y++) {
        for (let x = 0; x < w; x++) {
          const [sourceY, sourceX] = from(y, x, h, w);
          const source = (start + sourceY * w + sourceX) * c;
          const target = (start + y * w + x) * c;
          for (let channel = 0; channel < c; channel++) {
            flipped[target + channel] = data[source + channel]!;
          }
        }
      }
    }
    return { data: flipped, shape };
  };
}

function requireProbability(name: string, p: number): void {
  if (!(p >= 0 && p <= 1)) {
    throw new UserError(
      `${name} の確率 ${p} は使えません。`,
      '0 以上 1 以下の数を指定してください。',
    );
  }
}
