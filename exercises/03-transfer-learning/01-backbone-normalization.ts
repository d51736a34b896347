/**
 * 03-01 学習済みモデルに合わせた正規化
 *
 * 難しさ: ★☆☆
 * 目安: 10 分
 *
 * ほかの人が学習させたネットワークに、自分の画像を入れるとします。画素の値は、どの範囲にそろえればよいでしょうか。
 *
 * 答えは、そのネットワークが学習したときと同じ範囲です。範囲はネットワークごとに違い、間違えてもエラーになりません。
 * 正解率だけが、静かに下がります。代表的な 2 つを書いてください。どちらも、0 から 255 の画素を受けとります。
 *
 * - 'imagenet'(VGG16、ResNet50 など):
 *   255 で割って 0 から 1 にし、チャネル(赤、緑、青)ごとに、平均を引いて標準偏差で割ります。
 *   平均は 0.485、0.456、0.406、標準偏差は 0.229、0.224、0.225 です(ImageNet という大きなデータセットの値です)。
 * - 'mobilenet'(MobileNet v1):
 *   0 から 255 を、−1 から 1 にまっすぐ移します。0 は −1 に、255 は 1 になります。
 *
 * - 受けとるもの: 画像 [H, W, 3](赤、緑、青の順)と、正規化の名前。
 * - 返すもの: 正規化した画像。[H, W, 3]。もとの画像は変えません。
 *
 * 例:
 * ```ts
 * normalizeFor('imagenet', [[[255, 0, 51]]]); //  [[[2.2489, -2.0357, -0.9156]]]
 * normalizeFor('mobilenet', [[[255, 0, 51]]]); // [[[1, -1, -0.6]]]
 * ```
 *
 * @module
 */
import { NotImplementedError } from '#exercise';
import type { Image } from '#exercise';

/** 正規化の名前。 */
export type Normalization = 'imagenet' | 'mobilenet';

/**
 * 学習済みモデルが学習したときと同じ範囲に、画素の値をそろえます。
 *
 * @param name - 正規化の名前。
 * @param image - 画像。0 から 255。[H, W, 3]。
 * @returns 正規化した画像。[H, W, 3]。
 */
export function normalizeFor(name: Normalization, image: Image): Image {
  // ここに書きます。書けたら、次の行は消してください。
  throw new NotImplementedError('03-01');
}
