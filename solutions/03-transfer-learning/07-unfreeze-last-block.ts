/**
 * 03-07 最後のブロックだけを動かす
 *
 * 難しさ: ★★☆
 * 目安: 15 分
 *
 * 出力層だけを学習させても正解率が足りないとき、次にどの層を動かせばよいでしょうか。
 *
 * 前のほうの層は、どの写真にも共通の特徴を見ています。後ろの層ほど、もとの問題に合わせた特徴を見ています。
 * そこで、後ろから順に動かします。学習済みの層も少しずつ直すことを、ファインチューニングと呼びます。
 *
 * モデルの層には、`block1_conv`、`block2_pool` のような名前が付いています。
 * 名前が「`block`、番号、`_`」で始まる層が、ブロックの層です。
 * 番号のいちばん大きいブロックの層と、それより後ろにある層を学習し、ほかの層を止めてください。
 *
 * - ブロックの層は、番号の小さい順に、続けて並んでいます。ブロックの前と後ろには、ほかの名前の層があってもかまいません。
 * - 番号は 10 以上のこともあります。block10 は block9 より後ろです。
 * - ブロックが 1 つもなければ、最後の層だけを学習します。
 *
 * - 受けとるもの: モデル。層の名前は `layer.name` です。
 * - 返すもの: 学習する層の名前を、先頭から順に並べたもの。
 *
 * 例:
 * ```ts
 * // 層の名前は、順に stem、block1_conv、block2_conv、block2_pool、flatten、head
 * unfreezeLastBlock(model); // ['block2_conv', 'block2_pool', 'flatten', 'head']
 * ```
 *
 * @module
 */
import type * as tf from '@tensorflow/tfjs';

/**
 * 最後のブロックと、それより後ろの層だけを学習するようにします。
 *
 * @param model - モデル。層の trainable が変わります。
 * @returns 学習する層の名前。
 */
export function unfreezeLastBlock(model: tf.LayersModel): string[] {
  // #region answer
  const blocks = model.layers.map(({ name }) => Number(/^block(\d+)_/.exec(name)?.[1] ?? 0));
  const last = Math.max(...blocks);
  // ブロックが 1 つもなければ、最後の層から学習します
  const start = last === 0 ? model.layers.length - 1 : blocks.indexOf(last);
  for (const [index, layer] of model.layers.entries()) layer.trainable = index >= start;
  return model.layers.slice(start).map(({ name }) => name);
  // #endregion
}
