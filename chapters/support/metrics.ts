import { UserError } from '#platform';

/**
 * 混同行列を数えます。行が正解、列が予測です。対角に並ぶのが正しく当たった数です。
 *
 * @param labels - 正解ラベル。[N]、0 から numClasses − 1。
 * @param predictions - 予測したラベル。[N]。
 * @param numClasses - クラスの数 K。
 * @returns [K, K] の枚数。
 * @throws UserError 長さが違う、またはラベルが範囲の外のとき。
 */
export function confusionMatrix(
  labels: ArrayLike<number>,
  predictions: ArrayLike<number>,
  numClasses: number,
): number[][] {
  if (labels.length !== predictions.length) {
    throw new UserError(
      `正解は ${labels.length} 個、予測は ${predictions.length} 個で、数が合いません。`,
    );
  }
  const matrix = Array.from({ length: numClasses }, () => new Array<number>(numClasses).fill(0));
  for (let i = 0; i < labels.length; i++) {
    const row = matrix[labels[i]!];
    if (row?.[predictions[i]!] === undefined) {
      throw new UserError(
        `${i} 番目のラベル(正解 ${labels[i]!}、予測 ${predictions[i]!})が 0 から ${numClasses - 1} の外です。`,
      );
    }
    row[predictions[i]!]! += 1;
  }
  return matrix;
}

/**
 * 正解率です。当たった数を全体の数で割ります。
 *
 * @param matrix - {@link confusionMatrix} の結果。[K, K]。
 * @returns 0 から 1。1枚もなければ NaN。
 */
export function accuracy(matrix: readonly (readonly number[])[]): number {
  let correct = 0;
  let total = 0;
  matrix.forEach((row, actual) => {
    correct += row[actual]!;
    for (const count of row) total += count;
  });
  return correct / total;
}

/**
 * クラスごとの正解率です。そのクラスの画像のうち、当たった割合です(再現率 recall と同じ)。
 *
 * @param matrix - {@link confusionMatrix} の結果。[K, K]。
 * @returns [K]。それぞれ 0 から 1。1枚もないクラスは NaN。
 */
export function perClassAccuracy(matrix: readonly (readonly number[])[]): number[] {
  return matrix.map((row, actual) => row[actual]! / row.reduce((sum, count) => sum + count, 0));
}

/**
 * いちばん多い取り違えを探します。
 *
 * @param matrix - {@link confusionMatrix} の結果。[K, K]。
 * @returns 正解、予測、枚数。取り違えが1つもなければ undefined。
 */
export function mostConfused(
  matrix: readonly (readonly number[])[],
): { actual: number; predicted: number; count: number } | undefined {
  let worst: { actual: number; predicted: number; count: number } | undefined;
  matrix.forEach((row, actual) => {
    row.forEach((count, predicted) => {
      if (actual !== predicted && count > (worst?.count ?? 0)) worst = { actual, predicted, count };
    });
  });
  return worst;
}
