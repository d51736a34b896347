import { describe, expect, it } from 'vitest';
import { NotImplementedError } from '#exercise';
import {
  checkCall,
  checkThat,
  checkThrows,
  distinctSizes,
  fc,
  findDifference,
  forAll,
  GradingError,
  imagesOf,
  matrixOf,
  numericalGradient,
  vectorOf,
} from '#grading';

type Rows = readonly (readonly number[])[];

const rows: Rows = [
  [1, 2, 3],
  [4, 5, 7],
];

/** 採点が出す文。合格なら undefined。 */
function messageOf(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (error instanceof GradingError) return error.message;
    throw error;
  }
}

function grade(fn: (values: Rows) => unknown, expected: unknown): string | undefined {
  return messageOf(() => checkCall({ fn, args: [rows], expected }));
}

describe('checkCall', () => {
  it('正しい答えなら、返ってきた値をそのまま渡す', () => {
    const double = (values: readonly number[]): number[] => values.map((value) => value * 2);
    expect(checkCall({ fn: double, args: [[1, 2]], expected: [2, 4] })).toEqual([2, 4]);
  });

  it('何を試し、何が返り、何が正しいかを、順に見せる', () => {
    const sumRows = (values: Rows): number[] => values.map((row) => row[0]! + row[1]!);
    const message = messageOf(() => checkCall({ fn: sumRows, args: [rows], expected: [6, 16] }));
    expect(message?.split('\n')).toEqual([
      '値が違います。[0] は 6 のはずが、3 でした。',
      '試したこと: sumRows([[1, 2, 3], [4, 5, 7]])',
      '返ってきた値: [3, 9]',
      '正しい値: [6, 16]',
    ]);
  });

  it('return を忘れると、そう言う', () => {
    expect(grade(() => undefined, [1])).toContain('return を書き忘れて');
  });

  it('Promise が返ると、そう言う', () => {
    expect(grade(() => Promise.resolve([1]), [1])).toContain('Promise が返ってきました');
  });

  it.each([
    ['数を返すところで配列', (): unknown => [1], 1, '数を返すところで、配列が返って'],
    ['配列を返すところで数', (): unknown => 1, [1], '配列を返すところで、数が返って'],
    ['null', (): unknown => null, [1], 'null が返って'],
    ['文字列', (): unknown => 'a', 1, '文字列が返って'],
  ])('種類が違うと、そう言う: %s', (_, fn, expected, text) => {
    expect(grade(fn, expected)).toContain(text);
  });

  it('値より先に、形の違いを言う', () => {
    expect(grade(() => [[9, 9]], [[1], [2]])).toContain('[2, 1] になるはずが、[1, 2] でした');
  });

  it('軸の順が違うと、そう言う', () => {
    const transposed = [
      [1, 4],
      [2, 5],
      [3, 7],
    ];
    expect(grade(() => transposed, rows)).toContain('軸の順が違うようです');
  });

  it('1 列に並べてしまうと、入れ子のことを言う', () => {
    expect(grade(() => rows.flat(), rows)).toContain('入れ子の仕方');
  });

  it('1 つの軸だけが 1 違うと、繰り返しの回数のことを言う', () => {
    expect(
      grade(
        () => [
          [1, 2, 3, 0],
          [4, 5, 7, 0],
        ],
        rows,
      ),
    ).toContain('1 多いようです');
    expect(grade(() => [[1, 2, 3]], rows)).toContain('1 少ないようです');
    expect(grade(() => [[1, 2]], rows)).not.toContain('ようです');
  });

  it('Promise には、ありそうな間違いを言わない', () => {
    const message = messageOf(() =>
      checkCall({
        fn: () => Promise.resolve(1) as unknown as number,
        args: [],
        expected: 1,
        causes: [['掛け忘れです。', () => true]],
      }),
    );
    expect(message).toContain('async');
    expect(message).not.toContain('掛け忘れ');
  });

  it('内側の長さがそろっていないと、そう言う', () => {
    expect(grade(() => [[1, 2, 3], [4]], rows)).toContain('長さがそろっていません');
  });

  it('NaN の場所を言う', () => {
    const broken = [
      [1, 2, 3],
      [4, NaN, 7],
    ];
    expect(grade(() => broken, rows)).toContain('[1][1] が NaN');
  });

  it('数の代わりに undefined が入っていると、場所を言う', () => {
    expect(grade(() => [1, undefined, 3], [1, 2, 3])).toContain(
      '[1] が、数ではなく undefined です',
    );
  });

  it('どこも同じ値だと、そう言う', () => {
    expect(grade(() => rows.map((row) => row.map(() => 0)), rows)).toContain('どこも同じ値 0');
  });

  it('符号が逆だと、そう言う', () => {
    expect(grade(() => rows.map((row) => row.map((value) => -value)), rows)).toContain(
      '符号が逆のようです',
    );
  });

  it('何倍かになっていると、そう言う', () => {
    expect(grade(() => rows.map((row) => row.map((value) => value * 6)), rows)).toContain(
      '正しい値の 6 倍です',
    );
  });

  it('引数を書きかえると、そう言う。ほかのテストの引数は変わらない', () => {
    const message = grade((values) => {
      (values as number[][])[0]![0] = 100;
      return rows;
    }, rows);
    expect(message).toContain('1 番目の引数を書きかえています');
    expect(message).toContain('もとのまま [[1, 2, 3], [4, 5, 7]]');
    expect(rows[0]![0]).toBe(1);
  });

  it('ありそうな間違いと同じ値なら、その原因を言う', () => {
    const message = messageOf(() =>
      checkCall({
        fn: (values: Rows) => values.map((row) => row[0]!),
        args: [rows],
        expected: [3, 7],
        causes: [
          ['ここには来ません。', [9, 9]],
          ['先頭を取っています。', [1, 4]],
          ['関数でも書けます。', (got) => got[0] === 1],
        ],
      }),
    );
    expect(message).toContain('考えられる原因: 先頭を取っています。');
  });

  it('原因を調べる関数がエラーになっても、採点は続く', () => {
    const message = messageOf(() =>
      checkCall({
        fn: (): Rows => 5 as unknown as Rows,
        args: [],
        expected: rows,
        causes: [['来ません。', (got) => got[0]![0] === 1]],
      }),
    );
    expect(message).toContain('配列を返すところで、数が');
  });

  it('途中のエラーを、原因の見当とともに見せる', () => {
    expect(grade((values) => values[5]![0], 1)).toContain('配列の範囲の外');
    const endless = (values: Rows): unknown => endless(values);
    expect(grade(endless, 1)).toContain('自分自身を呼びつづけて');
  });

  it('まだ書かれていなければ、不合格ではなく、そのことを投げる', () => {
    const stub = (): number => {
      throw new NotImplementedError('01-01');
    };
    expect(() => checkCall({ fn: stub, args: [], expected: 1 })).toThrow(NotImplementedError);
  });

  it('大きな配列は、形とはじめの数だけを見せる', () => {
    const big = Array.from({ length: 5 }, (_, i) => Array.from({ length: 6 }, (__, j) => i + j));
    const message = messageOf(() =>
      checkCall({ fn: (values: Rows) => values.length, args: [big], expected: 6 }),
    );
    expect(message).toContain('[5, 6] の配列(はじめは 0, 1, 2, 3, …)');
  });

  it('オブジェクトは、中の値まで比べ、場所を言う', () => {
    const expected = { weights: [[1, 2]], count: 3 };
    expect(grade(() => ({ weights: [[1, 2]], count: 3, extra: 1 }), expected)).toBeUndefined();
    expect(grade(() => ({ weights: [[1, 2]] }), expected)).toContain('count がありません');
    expect(grade(() => ({ weights: [[1, 5]], count: 3 }), expected)).toContain('weights で、値が');
    expect(grade(() => ({ weights: [[1, 2]], count: NaN }), expected)).toContain('count が NaN');
    expect(grade(() => ({ weights: [[1, NaN]], count: 3 }), expected)).toContain(
      'weights[0][1] が NaN',
    );
  });

  it('オブジェクトの並びや、長さの違う行の並びも比べる', () => {
    expect(findDifference([{ a: 1 }, { a: 2 }], [{ a: 1 }, { a: 2 }], 0)).toBeUndefined();
    expect(findDifference([{ a: 1 }, { a: 5 }], [{ a: 1 }, { a: 2 }], 0)?.headline).toContain(
      '[1].a',
    );
    expect(findDifference([[1], [2, 3]], [[1], [2, 3]], 0)).toBeUndefined();
    expect(findDifference([[1], [2, 4]], [[1], [2, 3]], 0)?.headline).toContain('[1] で、');
    expect(findDifference([[1]], [[1], [2, 3]], 0)?.headline).toContain('2 個になるはずが、1 個');
  });

  it('許す差の中なら、合格にする。差は、大きな値では割合になる', () => {
    expect(findDifference(1.0000005, 1, 1e-6)).toBeUndefined();
    expect(findDifference(1.000002, 1, 1e-6)).toBeDefined();
    expect(findDifference(1_000_000.5, 1_000_000, 1e-6)).toBeUndefined();
    expect(findDifference(Infinity, Infinity, 1e-6)).toBeUndefined();
    expect(findDifference(Infinity, 1, 1e-6)).toBeDefined();
    expect(findDifference(1, Infinity, 1e-6)).toBeDefined();
  });
});

describe('checkThrows と checkThat', () => {
  const refuse = (size: number): number => {
    if (size < 0) throw new RangeError('負です');
    return size;
  };

  it('断れば合格、断らなければ、そう言う', () => {
    const likely = '負の大きさはありません。';
    checkThrows({ fn: refuse, args: [-1], error: RangeError, likely });
    const message = messageOf(() => {
      checkThrows({ fn: refuse, args: [1], error: RangeError, likely });
    });
    expect(message).toContain('エラーになりませんでした');
    expect(message).toContain(likely);
  });

  it('違う種類のエラーなら、そう言う', () => {
    const message = messageOf(() => {
      checkThrows({ fn: refuse, args: [-1], error: TypeError, likely: 'x' });
    });
    expect(message).toContain('違う種類のエラー');
  });

  it('条件が成り立たないときだけ知らせる', () => {
    checkThat(true, { headline: '違います。', tried: 'a' });
    const message = messageOf(() => {
      checkThat(false, { headline: '違います。', tried: 'a', got: [1] });
    });
    expect(message).toBe('違います。\n試したこと: a\n返ってきた値: [1]');
  });
});

describe('forAll', () => {
  it('どの入力でも成り立てば合格し、決まった回数を試す', () => {
    let runs = 0;
    forAll([matrixOf(2, 3)], (matrix) => {
      runs++;
      expect(matrix.map((row) => row.length)).toEqual([3, 3]);
    });
    expect(runs).toBe(40);
  });

  it('失敗したら、できるだけ小さい入力で知らせる', () => {
    const message = messageOf(() => {
      forAll([vectorOf(2)], (vector) => {
        checkCall({
          fn: (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0),
          args: [vector],
          expected: Math.abs(vector[0]! + vector[1]!),
        });
      });
    });
    expect(message).toContain('(ランダムに作った入力)');
    expect(message).toMatch(/\[(0, -0\.0625|-0\.0625, 0)\]/);
  });

  it('まだ書かれていなければ、そのことを投げる', () => {
    expect(() => {
      forAll([vectorOf(1)], () => {
        throw new NotImplementedError('01-01');
      });
    }).toThrow(NotImplementedError);
  });

  it('入力は、いつも同じ', () => {
    const seen = [0, 1].map(() => {
      const values: unknown[] = [];
      forAll([imagesOf([1, 2, 3, 1])], (images) => {
        values.push(images);
      });
      return values;
    });
    expect(seen[0]).toEqual(seen[1]);
  });

  it('軸の大きさは、どれも違う', () => {
    forAll([distinctSizes(3)], (sizes) => {
      expect(new Set(sizes).size).toBe(3);
    });
    expect(
      fc
        .sample(distinctSizes(2, { min: 3, max: 4 }), 5)
        .flat()
        .toSorted()
        .at(0),
    ).toBe(3);
  });
});

describe('numericalGradient', () => {
  it('式で求めた勾配と合い、もとの値は変えない', () => {
    const at = [
      [1, -2],
      [3, 0.5],
    ];
    const f = (x: Rows): number => x[0]![0]! ** 2 * x[1]![1]! + Math.sin(x[0]![1]!) + 3 * x[1]![0]!;
    const gradient = numericalGradient<Rows>(f, at);
    expect(
      findDifference(
        gradient,
        [
          [1, Math.cos(-2)],
          [3, 1],
        ],
        1e-8,
      ),
    ).toBeUndefined();
    expect(at).toEqual([
      [1, -2],
      [3, 0.5],
    ]);
  });

  it('配列でないものは、黙って飛ばさずに断る', () => {
    expect(() => numericalGradient(() => 0, { a: 1 })).toThrow(TypeError);
    expect(() => numericalGradient(() => 0, [{ a: 1 }])).toThrow(TypeError);
  });
});
