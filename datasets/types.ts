/**
 * 画像分類のデータセット。画素は 0〜255 の整数のまま持ちます。
 *
 * float32 に直すと 4 倍のメモリーが要る(CIFAR-10 では 0.7 GB)ため、実数にするのはミニバッチを作るときです。
 * 自分の画像のフォルダーから作ったものも受けとる関数では、型を `ImageDataset<string>` と書きます。
 */
export interface ImageDataset<Name extends string = 'cifar10' | 'shapes10'> {
  /** データセットの名前 */
  readonly name: Name;
  /** クラスの名前(CIFAR-10 と shapes10 では 10 個の日本語名)。添字がラベルです。 */
  readonly classNames: readonly string[];
  /** 画素。[N, 32, 32, 3] を平らに並べたもの(NHWC、RGB、0〜255) */
  readonly images: Uint8Array;
  /** 正解ラベル。[N]、0〜K−1 */
  readonly labels: Uint8Array;
  /** 画像の枚数 N */
  readonly size: number;
  /** 画像 1 枚の形 [高さ, 幅, チャネル数] */
  readonly imageShape: readonly [32, 32, 3];
}

/** 学習用とテスト用の組。 */
export interface DatasetSplits {
  /** 学習に使う画像 */
  readonly trainSet: ImageDataset;
  /** 学習には使わず、正解率を測るための画像 */
  readonly testSet: ImageDataset;
}

/** 変換の途中にある画像のまとまり。 */
export interface ImageBatch {
  /** 画素。[N, H, W, C] を平らに並べたもの。Uint8Array なら 0〜255、Float32Array の範囲は変換が決めます。 */
  readonly data: Uint8Array | Float32Array;
  /** [枚数, 高さ, 幅, チャネル数] */
  readonly shape: readonly [n: number, h: number, w: number, c: number];
}

/** 0 以上 1 未満の一様乱数を返す関数。 */
export type Random = () => number;

/**
 * 画像のまとまりを受け取り、変換したまとまりを返す関数。
 *
 * 乱数を引数で受けるのは、同じ種から同じデータ拡張を再現できるようにするためです。
 */
export type Transform = (batch: ImageBatch, random: Random) => ImageBatch;
