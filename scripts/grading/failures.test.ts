import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import {
  addSolution,
  makeCheckout,
  type Finished,
  type SampleCheckout,
  type SampleExercise,
} from './checkoutForTests.ts';
import { resultsSchema, type ExerciseResult, type Results } from './results.ts';

/** `add` の中身。 */
function answer(body: string, rest = ''): string {
  return `export function add(a: number, b: number): number {\n  ${body}\n}\n${rest}`;
}

const tensorSpec = `import { describe, it } from 'vitest';
import * as tf from '@tensorflow/tfjs';
import { callWithTensors, useTensors } from '#grading/tensors';
import { twice } from './17-twice.ts';
useTensors();
describe('twice', () => {
  it('2 倍になる', () => {
    callWithTensors({ fn: twice, args: [tf.scalar(1)], tried: 'twice(1)' }).dispose();
  });
});
`;

const waitingSpec = `import { describe, it } from 'vitest';
import { wait } from './19-waiting.ts';
describe('wait', () => {
  it('待つ', async () => {
    await wait();
  });
});
`;

const samples: readonly SampleExercise[] = [
  { id: '00-01', name: '01-untouched', title: '手つかず' },
  { id: '01-01', name: '01-right', title: '正しい', answer: addSolution },
  { id: '01-02', name: '02-wrong', title: '引き算', answer: answer('return a - b;') },
  {
    id: '01-03',
    name: '03-throws',
    title: 'エラー',
    answer: answer('const list: number[][] = [];\n  return list[a]![0]! + b;'),
  },
  {
    id: '01-04',
    name: '04-endless',
    title: '終わらない',
    answer: answer('while (a > 0);\n  return a + b;'),
  },
  {
    id: '01-05',
    name: '05-exit',
    title: '止まる',
    answer: answer('if (a > 0) process.exit(3);\n  return a + b;'),
  },
  { id: '01-06', name: '06-syntax', title: '文法', answer: answer('return a + ;') },
  {
    id: '01-07',
    name: '07-renamed',
    title: '名前',
    answer: answer('return a + b;').replace('add', 'sum'),
  },
  {
    id: '01-08',
    name: '08-async',
    title: '非同期',
    answer: 'export async function add(a: number, b: number) {\n  return a + b;\n}\n',
  },
  {
    id: '01-09',
    name: '09-outside',
    title: '外側',
    answer: answer('return a + b;', "\nthrow new Error('外側のエラー');\n"),
  },
  {
    id: '01-10',
    name: '10-rejected',
    title: 'あとで失敗',
    answer: answer("void Promise.reject(new Error('あとのエラー'));\n  return a + b;"),
  },
  {
    id: '01-11',
    name: '11-noisy',
    title: 'おしゃべり',
    answer: answer('for (let i = 0; i < 50; i++) console.log(`途中の値 ${i}`);\n  return a + b;'),
  },
  {
    id: '01-12',
    name: '12-commented',
    title: '書きかけ',
    answer: `import { NotImplementedError } from '#exercise';\n${answer("// 考え中\n  throw new NotImplementedError('01-12');")}`,
  },
  {
    id: '01-13',
    name: '13-capstone',
    title: 'まとめ',
    answer: `import { add as first } from '../00-introduction/01-untouched.ts';\n${answer('return first(a, b);')}`,
  },
  { id: '01-14', name: '14-missing', title: 'ファイルなし', answer: null },
  {
    id: '01-15',
    name: '15-untyped',
    title: '型が合わない',
    answer: `import { Matrix } from '#exercise';\nexport function add(a: Matrix, b: string) {\n  const total: string = a + b;\n  return total;\n}\n`,
  },
  {
    id: '01-16',
    name: '16-hungry',
    title: 'メモリー',
    answer: answer(
      'const all: number[][] = [];\n  while (a > 0) all.push(new Array<number>(3e7));\n  return a + b;',
    ),
  },
  {
    id: '01-17',
    name: '17-twice',
    title: 'テンソル',
    spec: tensorSpec,
    solution:
      "import * as tf from '@tensorflow/tfjs';\nexport function twice(x: tf.Scalar): tf.Tensor {\n  // #region answer\n  return tf.mul(x, 2);\n  // #endregion\n}\n",
    answer:
      "import * as tf from '@tensorflow/tfjs';\nexport function twice(x: tf.Scalar): tf.Tensor {\n  tf.add(x, 1);\n  return tf.mul(x, 2);\n}\n",
  },
  {
    id: '01-18',
    name: '18-half',
    title: '半分',
    answer: `import { NotImplementedError } from '#exercise';\n${answer("if (a > 0) throw new NotImplementedError('01-18');\n  return a + b;")}`,
  },
  {
    id: '01-19',
    name: '19-waiting',
    title: '待ちつづける',
    spec: waitingSpec,
    solution:
      'export async function wait(): Promise<void> {\n  // #region answer\n  await Promise.resolve();\n  // #endregion\n}\n',
    answer: 'export const wait = () => new Promise<void>(() => undefined);\n',
  },
  {
    id: '01-20',
    name: '20-odd',
    title: 'Error でないもの',
    answer: answer('void Promise.reject({ message: 42, stack: 7 });\n  return a + b;'),
  },
  {
    id: '01-21',
    name: '21-forger',
    title: '端末への命令',
    answer: answer(
      "console.log('\\u001b[1A\\u001b[2Kうその合格\\u0007');\n  throw new Error(`\\u001b[2J]]> と ]]> ${a + b}`);",
    ),
  },
  {
    id: '01-22',
    name: '22-private',
    title: 'export を消した',
    answer: answer('return a + b;').replace('export ', ''),
  },
  { id: '01-23', name: '23-empty', title: '空のファイル', answer: '\n' },
];

let checkout: SampleCheckout;
let finished: Finished;
let results: Results;

beforeAll(async () => {
  checkout = await makeCheckout(samples);
  const { root } = checkout;
  const files = ['--json', `${root}/結果.json`, '--junit', `${root}/結果.xml`];
  finished = await checkout.run('grade.js', '--all', ...files);
  results = resultsSchema.parse(JSON.parse(await checkout.read('結果.json')));
});
afterAll(() => checkout.remove());

function resultOf(id: string): ExerciseResult {
  return results.exercises.find((result) => result.id === id)!;
}

function reasonOf(id: string): string {
  const { reason, status } = resultOf(id);
  return `${status} ${reason?.kind ?? ''}: ${reason?.text ?? ''}`;
}

describe('採点は、どの失敗にも、それに合った文を出す', () => {
  it('手つかずは未着手で、合格でも不合格でもない', () => {
    expect(resultOf('00-01')).toMatchObject({ status: 'notStarted', score: 0, tests: [] });
    expect(reasonOf('01-12')).toBe('notStarted : ');
  });

  it('正しい答えは合格する', () => {
    expect(resultOf('01-01')).toMatchObject({ status: 'passed', score: 1 });
  });

  it('値が違うと、合格したテストの分だけ点が付き、考えられる原因を言う', () => {
    const { status, score, reason, tests } = resultOf('01-02');
    expect([status, reason?.kind]).toEqual(['failed', 'wrong']);
    expect(score).toBeCloseTo(1 / 3);
    expect(tests.map((test) => test.status)).toEqual(['passed', 'failed', 'failed']);
    expect(tests[1]!.message).toEqual({
      headline: '値が違います。',
      tried: 'add(2, 3)',
      got: '-1',
      expected: '5',
      likely: '引いているようです。',
    });
  });

  it('途中のエラーは、学習者のファイルの行とコードを言う', () => {
    expect(reasonOf('01-03')).toMatch(/^failed error: /);
    expect(resultOf('01-03').tests[0]!.message!.place).toEqual({
      file: 'exercises/01-fully-connected/03-throws.ts',
      line: 3,
      code: 'return list[a]![0]! + b;',
    });
  });

  it('終わらない繰り返しは時間切れになり、その前のテストの点は残る', () => {
    expect(reasonOf('01-04')).toMatch(/^failed timeout: 時間切れです。「例のとおりになる」/);
    expect(resultOf('01-04').score).toBeCloseTo(1 / 3);
    expect(resultOf('01-04').tests.map(({ status }) => status)).toEqual([
      'passed',
      'notRun',
      'notRun',
    ]);
  });

  it('終わらない Promise を待つだけでも、時間切れになる', () => {
    expect(reasonOf('01-19')).toMatch(/^failed timeout: 時間切れです。「待つ」/);
  });

  it('プロセスごと止まっても、その演習だけの失敗になる', () => {
    expect(reasonOf('01-05')).toMatch(/^failed crash: .*止まりました\(終了コード 3\)/);
  });

  it('文法の誤りは、行とコードを言う', () => {
    expect(reasonOf('01-06')).toMatch(/^failed syntax: 文法の誤り/);
    expect(resultOf('01-06').reason!.place).toMatchObject({ line: 2, code: 'return a + ;' });
  });

  it.each(['01-07', '01-22', '01-23'])('export がなければ、名前を言う: %s', (id) => {
    expect(reasonOf(id)).toMatch(/^failed missingExport: add を export していません。/);
  });

  it('Promise を返すと、そう言う', () => {
    expect(reasonOf('01-08')).toMatch(/^failed promise: Promise が返って/);
  });

  it('関数の外側のエラーは、場所を言う', () => {
    expect(reasonOf('01-09')).toMatch(/^failed error: ファイルを読みこむ途中.*外側のエラー/);
    expect(resultOf('01-09').reason!.place).toMatchObject({ line: 5 });
  });

  it('テストが終わった後で失敗した Promise も見つける', () => {
    expect(reasonOf('01-10')).toMatch(/^failed error: テストの外で.*あとのエラー/);
  });

  it('投げたものが Error でなくても、ほかの演習の採点は続く', () => {
    expect(reasonOf('01-20')).toMatch(/^failed error: テストの外で.*42/);
  });

  it('学習者の文字列が、画面や XML を壊さない', async () => {
    expect(finished.stdout).toContain('01-21 のプログラムの出力:\n  | うその合格\n');
    // eslint-disable-next-line no-control-regex -- 端末が命令として読む文字そのものを探すため
    expect(finished.stdout).not.toMatch(/[\u0000-\u0008\u000b-\u001f]/);
    const { errors } = await validateXML({
      xml: [{ fileName: 'junit.xml', contents: await checkout.read('結果.xml') }],
      schema: [await checkout.read('scripts/grading/junit.xsd')],
    });
    expect(errors).toEqual([]);
  });

  it('console.log の文字を、長すぎないように見せる', () => {
    expect(resultOf('01-11').status).toBe('passed');
    expect(finished.stdout).toContain('01-11 のプログラムの出力:\n  | 途中の値 0');
    expect(finished.stdout).toMatch(/\| … ほか 1\d\d 行以上/);
    expect(finished.stdout).not.toContain('途中の値 30');
  });

  it('まだ解いていない演習を使うと、先に解くものを言い、未着手と数える', () => {
    expect(resultOf('01-13')).toMatchObject({
      status: 'blocked',
      reason: {
        needs: ['00-01'],
        text: 'この問題は 00-01 を使います。先に 00-01 を解いてください。',
      },
    });
    expect(results.totals.notStarted).toBe(3);
  });

  it('学習者のファイルがなければ、作り方を言う', () => {
    expect(reasonOf('01-14')).toMatch(/^failed missingFile: .*npm run reset -- 01-14/);
  });

  it('型が合っていなくても採点する', () => {
    expect(resultOf('01-15').status).toBe('passed');
  });

  it('メモリーを使いきっても、その演習だけの失敗になる', () => {
    expect(reasonOf('01-16')).toMatch(/^failed crash: .*メモリーを使いきって/);
  });

  it('解放し忘れたテンソルを見つける', () => {
    expect(reasonOf('01-17')).toMatch(/^failed leak: テンソルが 1 個/);
  });

  it('半分だけ書いてあれば、その分の点を付けて、残りを言う', () => {
    expect(reasonOf('01-18')).toMatch(/まだ書かれていないところ/);
    expect(resultOf('01-18').tests.map(({ status }) => status)).toEqual([
      'passed',
      'notImplemented',
      'notImplemented',
    ]);
  });

  it('はじめの失敗をくわしく、ほかは 1 行ずつ知らせ、終了コードは 1', () => {
    expect(finished.code).toBe(1);
    expect(finished.stdout).toContain(
      [
        '✘ 01-02 引き算',
        '  ファイル: exercises/01-fully-connected/02-wrong.ts',
        '  テスト: 例のとおりになる',
        '  値が違います。',
        '  試したこと: add(2, 3)',
        '  返ってきた値: -1',
        '  正しい値: 5',
        '  考えられる原因: 引いているようです。',
        '  ✘ 負の数も足せる: 値が違います。',
        '  ヒント: npm run hint -- 01-02',
      ].join('\n'),
    );
    expect(finished.stdout).toMatch(/✘ 01-04 終わらない 1\/3: 時間切れです。/);
    expect(finished.stdout).not.toContain('undefined');
  });
});
