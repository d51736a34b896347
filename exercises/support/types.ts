/** 数の並び。[K]。 */
export type Vector = readonly number[];

/** 行列。外側が行です。[N, K]。 */
export type Matrix = readonly Vector[];

/** 画像 1 枚。縦、横、チャネル(赤、緑、青)の順です。[H, W, C]。 */
export type Image = readonly Matrix[];

/** 画像の集まり。[N, H, W, C]。 */
export type Images = readonly Image[];

/** 0 以上 1 未満の乱数を返す関数。 */
export type Random = () => number;
