/**
 * 03-04 出力層を付けかえる
 *
 * 難しさ: ★★☆
 * 目安: 15 分
 *
 * 1,000 種類を見分けるように学習したモデルに、自分の 10 種類を見分けさせるには、どこを作り直せばよいでしょうか。
 *
 * 画像の特徴を取り出す部分はそのまま使い、最後の全結合層だけを、新しいものに替えます。
 * VGG16 なら、4096 → 1000 の層を 4096 → 10 の層に替えます。ここでは、同じ作りの小さなモデルで行います。
 *
 * 次のような新しいモデルを作って返してください。
 *
 * - もとのモデルの最後の層を除いた残りを、そのまま使います(層を作り直すと、学習した重みが失われます)。
 * - その後に、出力が `numClasses` 個の全結合層を 1 つ置きます。出力は点数(logits)です。softmax は付けません。
 * - 新しい層だけを学習し、もとからある層は止めます(`trainable` を false にします)。
 *
 * 次の 2 つを使えます。
 *
 * - `layer.output` は、その層の出力を表します。`newLayer.apply(layer.output)` で、後ろに層をつなぎます。
 * - `tf.model({ inputs, outputs })` は、入力と出力からモデルを作ります。もとの入力は `model.inputs` です。
 *
 * 例:
 * ```ts
 * // model は、4 → 6 → 3 の全結合
 * const changed = replaceHead(model, 5);
 * changed.layers.map((layer) => layer.outputShape); //  [[null, 4], [null, 6], [null, 5]](null は枚数 N)
 * changed.layers.map((layer) => layer.trainable); //    [false, false, true]
 * ```
 *
 * @module
 */
import { NotImplementedError } from '#exercise';
import * as tf from '@tensorflow/tfjs';

/**
 * 最後の層を、新しい全結合層に替えたモデルを作ります。
 *
 * @param model - 層を一列に重ねた、学習済みのモデル。層を 2 つ以上持ちます。
 * @param numClasses - 見分ける種類の数。
 * @returns 新しいモデル。新しい層だけを学習します。出力は logits [N, numClasses]。
 */
export function replaceHead(model: tf.LayersModel, numClasses: number): tf.LayersModel {
  // ここに書きます。書けたら、次の行は消してください。
  throw new NotImplementedError('03-04');
}
