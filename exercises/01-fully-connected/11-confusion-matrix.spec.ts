import { describe, it } from 'vitest';
import type { Matrix, Vector } from '#exercise';
import { checkCall, fc, forAll, labelsOf } from '#grading';
import { confusionMatrix, mostConfused } from './11-confusion-matrix.ts';

// 採点のための計算です。マスごとに、当てはまる画像を数えなおします
function countCells(labels: Vector, predictions: Vector, numClasses: number): number[][] {
  const matrix: number[][] = [];
  for (let i = 0; i < numClasses; i++) {
    matrix.push([]);
    for (let j = 0; j < numClasses; j++) {
      matrix[i]!.push(labels.filter((label, n) => label === i && predictions[n] === j).length);
    }
  }
  return matrix;
}

function mapCells(matrix: Matrix, f: (count: number, i: number, j: number) => number): number[][] {
  return matrix.map((row, i) => row.map((count, j) => f(count, i, j)));
}

function sumOf(row: Vector): number {
  return row.reduce((sum, count) => sum + count, 0);
}

function checkMatrix(labels: Vector, predictions: Vector, numClasses: number): void {
  const expected = countCells(labels, predictions, numClasses);
  checkCall({
    fn: confusionMatrix,
    args: [labels, predictions, numClasses],
    expected,
    causes: [
      [
        '行と列が逆のようです。行が正解、列が予測です。',
        mapCells(expected, (_, i, j) => expected[j]![i]!),
      ],
      [
        'どの行も同じ配列になっているようです。fill で 1 つの配列を並べると、1 か所に足したつもりが、すべての行に入ります。',
        mapCells(expected, (_, __, j) => sumOf(expected.map((row) => row[j]!))),
      ],
      [
        '1 を足すのではなく、1 を入れているようです。同じ組の画像が何枚もあれば、枚数の分だけ増やしてください。',
        mapCells(expected, (count) => Math.min(1, count)),
      ],
      [
        '当たった枚数が入っていないようです。対角線も、ほかと同じように数えてください。',
        mapCells(expected, (count, i, j) => (i === j ? 0 : count)),
      ],
      [
        '間違えた枚数が入っていないようです。対角線のほかも数えてください。',
        mapCells(expected, (count, i, j) => (i === j ? count : 0)),
      ],
      [
        '枚数ではなく、割合になっているようです。割らずに、枚数を返してください。',
        (got) => got.flat().some((count) => !Number.isInteger(count)),
      ],
    ],
  });
}

interface Confusion {
  readonly actual: number;
  readonly predicted: number;
  readonly count: number;
}

// 間違いを、正解、予測の順に並べたもの
function listConfusions(matrix: Matrix): Confusion[] {
  return matrix.flatMap((row, actual) =>
    row.map((count, predicted) => ({ actual, predicted, count })),
  );
}

function checkMost(matrix: Matrix): void {
  const cells = listConfusions(matrix);
  const errors = cells.filter(({ actual, predicted, count }) => actual !== predicted && count > 0);
  const highest = Math.max(...errors.map(({ count }) => count));
  const expected = errors.find(({ count }) => count === highest);
  const overall = cells.find(({ count }) => count === Math.max(...matrix.flat()))!;
  checkCall({
    fn: mostConfused,
    args: [matrix],
    expected,
    causes: [
      [
        '間違いが 1 枚もないのに、何かを返しています。そのときは undefined を返してください。',
        (got) => got !== undefined && expected === undefined,
      ],
      [
        '当たった枚数を、間違いに含めているようです。対角線は飛ばしてください。',
        (got) => got !== undefined && got.actual === got.predicted && overall.count === got.count,
      ],
      [
        '正解と予測が逆のようです。行の番号が正解、列の番号が予測です。',
        expected && { ...expected, actual: expected.predicted, predicted: expected.actual },
      ],
      [
        '枚数の同じ間違いの中から、後ろのものを選んでいるようです。正解、予測の順に見て、先に見つけたほうを選んでください。',
        (got) => got?.count === highest,
      ],
    ],
  });
}

describe('混同行列', () => {
  it('例のとおりになる', () => {
    checkMatrix([0, 1, 1, 2, 1, 1], [0, 2, 1, 0, 2, 2], 3);
    checkMost([
      [1, 0, 0],
      [0, 1, 3],
      [1, 0, 0],
    ]);
  });

  it('同じ組の画像が何枚もあれば、枚数になる', () => {
    checkMatrix([3, 0, 3, 2, 3, 0, 2], [3, 1, 0, 2, 0, 1, 2], 4);
  });

  it('画像が 1 枚もないクラスの行と列も、0 で残る', () => {
    checkMatrix([1, 1, 3], [1, 3, 1], 5);
  });

  it('最も多い間違いを、当たった枚数より少なくても見つける', () => {
    checkMost([
      [9, 2, 3],
      [1, 8, 0],
      [4, 2, 7],
    ]);
  });

  it('同じ枚数の間違いがいくつもあれば、先のものを選ぶ', () => {
    checkMost([
      [5, 0, 1],
      [2, 6, 0],
      [2, 2, 7],
    ]);
  });

  it('間違いが 1 枚もなければ、undefined になる', () => {
    checkMost([
      [4, 0],
      [0, 3],
    ]);
  });

  it('間違いが 1 枚だけでも見つける', () => {
    checkMost([
      [4, 0, 0],
      [0, 3, 1],
      [0, 0, 2],
    ]);
  });

  it('どんな正解と予測でも、数えたとおりになる', () => {
    forAll(
      [
        fc
          .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 2, max: 4 }))
          .chain(([n, k]) => fc.tuple(labelsOf(n, k), labelsOf(n, k), fc.constant(k))),
      ],
      ([labels, predictions, numClasses]) => {
        checkMatrix(labels, predictions, numClasses);
        checkMost(countCells(labels, predictions, numClasses));
      },
    );
  });
});
