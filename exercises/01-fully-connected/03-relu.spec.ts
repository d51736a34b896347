import { describe, it } from 'vitest';
import type { Matrix } from '#exercise';
import { checkCall, distinctSizes, forAll, matrixOf } from '#grading';
import { relu } from './03-relu.ts';

function check(inputs: Matrix): void {
  const mapped = (f: (x: number) => number): number[][] => inputs.map((row) => row.map(f));
  checkCall({
    fn: relu,
    args: [inputs],
    expected: mapped((x) => (x + Math.abs(x)) / 2), // 条件を使わない、同じ値の式です
    causes: [
      ['絶対値を取っているようです。負の数は、正に直すのではなく、0 にします。', mapped(Math.abs)],
      [
        '向きが逆のようです。0 にするのは、負の数です。正の数は、そのまま通します。',
        mapped((x) => (x < 0 ? x : 0)),
      ],
      [
        '正の数を、どれも 1 にしているようです。正の数は、そのまま通します。',
        mapped((x) => Number(x > 0)),
      ],
      [
        '大きな数を、途中で頭打ちにしているようです。ReLU には、上の限りがありません。',
        mapped((x) => Math.min(1, Math.max(0, x))),
      ],
      [
        '0 と 1 の間の数も 0 にしているようです。0 より大きい数は、どれもそのまま通します。',
        mapped((x) => (x >= 1 ? x : 0)),
      ],
      [
        '負の数を取り除いているようです。取り除かずに、0 に置きかえてください。',
        (got) => got.flat().length < inputs.flat().length,
      ],
      [
        '負の数が残っています。どの要素も調べて、負なら 0 にしてください。',
        (got) => got.flat().some((value) => value < 0),
      ],
    ],
  });
}

describe('relu', () => {
  it('例のとおりになる', () => {
    check([[-1.5, 0, 2, 0.5]]);
  });

  it('何枚の画像でも、どの要素も計算する', () => {
    check([
      [3, -1, 2.5, -4],
      [-2, 5, -0.5, 1.5],
    ]);
  });

  it('0 に近い数と、大きな数も、正しく分ける', () => {
    check([[0.01, -0.01, 100, -100, 0.5]]);
  });

  it('どんな大きさの行列でも、負の数だけが 0 になる', () => {
    forAll([distinctSizes(2).chain(([n, k]) => matrixOf(n!, k!))], check);
  });
});
