import { UserError } from '#platform';
import type { Transform } from '../types.ts';
import { throughTables } from './tables.ts';

/** 画素の値とチャネルだけから結果が決まる変換。隣の画素も乱数も見ません。 */
const valueOnly = new WeakSet<Transform>();

/**
 * 変換をつないで 1 つの変換にします。左から順に働きます。
 *
 * @param transforms - つなぐ変換。
 * @returns つないだ変換。torchvision の `Compose` に当たります。
 * @example
 * const transform = compose(toTensor(), normalize([0.5, 0.5, 0.5], [0.5, 0.5, 0.5]));
 */
export function compose(...transforms: readonly Transform[]): Transform {
  const stages: Transform[] = [];
  for (let i = 0; i < transforms.length; i++) {
    const start = i;
    while (i < transforms.length && valueOnly.has(transforms[i]!)) i++;
    if (i > start) stages.push(throughTables(inSequence(transforms.slice(start, i))));
    if (i < transforms.length) stages.push(transforms[i]!);
  }
  return inSequence(stages);
}

function inSequence(transforms: readonly Transform[]): Transform {
  return (batch, random) =>
    transforms.reduce((current, transform) => transform(current, random), batch);
}

/**
 * 0〜255 の整数の画素を、0〜1 の実数に変えます。形 [N, H, W, C] は変わりません。
 *
 * すでに実数の画素は、そのまま返します。
 *
 * @returns 変換。torchvision の `ToTensor` に当たります(並びは [C, H, W] ではなく [H, W, C] のままです)。
 */
export function toTensor(): Transform {
  const transform: Transform = ({ data, shape }) => {
    if (data instanceof Float32Array) return { data, shape };
    const scaled = new Float32Array(data.length);
    for (let i = 0; i < data.length; i++) scaled[i] = data[i]! / 255;
    return { data: scaled, shape };
  };
  valueOnly.add(transform);
  return transform;
}

/**
 * チャネルごとに平均を引き、標準偏差で割ります。形 [N, H, W, C] は変わりません。
 *
 * 平均 0.5、標準偏差 0.5 なら、0〜1 の画素が −1〜1 になります。
 *
 * @param mean - チャネルごとの平均。[C]、または全チャネルに使う 1 個。
 * @param std - チャネルごとの標準偏差。[C]、または全チャネルに使う 1 個。
 * @returns 変換。torchvision の `Normalize` に当たります。
 * @throws UserError 標準偏差が正でないとき、個数が画像のチャネル数と違うとき、画素が整数のままのとき。
 */
export function normalize(mean: readonly number[], std: readonly number[]): Transform {
  if (!mean.every(Number.isFinite)) {
    throw new UserError(
      `normalize の平均 [${mean.join(', ')}] は使えません。`,
      '有限の数を指定してください。',
    );
  }
  if (!std.every((value) => Number.isFinite(value) && value > 0)) {
    throw new UserError(
      `normalize の標準偏差 [${std.join(', ')}] では割れません。`,
      '0 より大きい数を指定してください。',
    );
  }
  const transform: Transform = ({ data, shape }) => {
    const channels = shape[3];
    for (const [name, values] of [
      ['平均', mean],
      ['標準偏差', std],
    ] as const) {
      if (values.length !== channels && values.length !== 1) {
        throw new UserError(
          `normalize の${name}が ${values.length} 個ですが、画像のチャネル数は ${channels} です。`,
          `${name}を ${channels} 個(または全チャネル共通の 1 個)にしてください。`,
        );
      }
    }
    if (data instanceof Uint8Array) {
      throw new UserError(
        'normalize に 0〜255 の整数の画素が渡されました。',
        'compose(toTensor(), normalize(…)) のように、先に toTensor() で実数にしてください。',
      );
    }
    const normalized = new Float32Array(data.length);
    for (let channel = 0; channel < channels; channel++) {
      const center = mean[mean.length === 1 ? 0 : channel]!;
      const spread = std[std.length === 1 ? 0 : channel]!;
      for (let i = channel; i < data.length; i += channels) {
        normalized[i] = (data[i]! - center) / spread;
      }
    }
    return { data: normalized, shape };
  };
  valueOnly.add(transform);
  return transform;
}
