import type * as tf from '@tensorflow/tfjs';

/** 学習済みネットワークの名前。`tiny` はこの教材に入っています。ほかは、置いてあるものを読むか、ダウンロードします。 */
export const backboneNames = ['mobilenet', 'vgg16', 'resnet50', 'tiny'] as const;

/** {@link backboneNames} のどれか。 */
export type BackboneName = (typeof backboneNames)[number];

/** 学習済みネットワークの素性。重みを読まなくても分かることです。 */
export interface BackboneInfo {
  /** 名前。 */
  readonly name: BackboneName;
  /** 画面と図に出す名前(`MobileNet v1(幅 0.25)` など)。 */
  readonly title: string;
  /** 何で学習したか(`ImageNet(1,000 クラス)` など)。 */
  readonly pretrainedOn: string;
  /** 受けとれる画像の1辺(画素)。 */
  readonly imageSize: { readonly min: number; readonly max: number; readonly standard: number };
  /** 学習したときの正規化。画素を 0〜1 にしたあと、チャネルごとに `(x − mean) / std` とします。 */
  readonly normalization: { readonly mean: readonly number[]; readonly std: readonly number[] };
  /** もとのネットワークの、分類の層も含めたパラメーターの数。 */
  readonly numParameters: number;
  /** 重みの利用条件。 */
  readonly licence: string;
  /** 重みの出どころ(人が開いて読めるページか、ファイルの URL)。 */
  readonly source: string;
  /** 重みのファイルの大きさ(バイト)。 */
  readonly weightBytes: number;
  /** `top` にあたる部分の呼び名(`最後のブロック` など)。 */
  readonly topTitle: string;
}

/**
 * 読みこんだ学習済みネットワーク。もとの分類の層は外してあります。
 *
 * 2つに分けてあるのは、止めたままの `body` の出力を一度だけ計算し、`top` だけを何度も学習できるようにするためです。
 * バッチ正規化は、どちらも推論のとき(`training: false`)の形で使います。
 */
export interface Backbone {
  /** 素性。 */
  readonly info: BackboneInfo;
  /** 入力の1辺 S。 */
  readonly imageSize: number;
  /** 重みの中身から決まる短い名前。計算ずみの特徴を取り違えないために使います。 */
  readonly weightsId: string;
  /** 止めておく部分。正規化した画像 [N, S, S, 3] から、特徴マップ [N, h, w, c] か [N, c] を作ります。 */
  readonly body: tf.LayersModel;
  /** ファインチューニングで動かせる部分。`body` の出力から、特徴 [N, F] を作ります。 */
  readonly top: tf.LayersModel;
  /** 特徴の数 F。 */
  readonly numFeatures: number;
  /** 重みを手放します。 */
  dispose(): void;
}

/** {@link Backbone} を読みこむときの設定。 */
export interface LoadBackboneOptions {
  /** 入力の1辺。省くと `info.imageSize.standard`。 */
  readonly imageSize?: number | undefined;
  /** 重みのフォルダー。省くと環境変数 `PRETRAINED_DIR`、それもなければ `datasets/cache/pretrained`。 */
  readonly directory?: string | undefined;
  /** ダウンロードを止める合図。 */
  readonly signal?: AbortSignal | undefined;
}
