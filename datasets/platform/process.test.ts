import { describe, expect, it } from 'vitest';
import { UserError } from './errors.ts';
import { parseOptions, type OptionSpec, type ProgramSpec } from './process.ts';

const spec = {
  command: 'npm run chapter -- 99',
  summary: '試しの章です。',
  options: {
    batchSize: { type: 'integer', default: 32, min: 1, help: '枚数。' },
    learningRate: { type: 'number', default: 0.001, min: 0, max: 1, help: '学習率。' },
    optimizer: { type: 'choice', choices: ['sgd', 'adam'], default: 'adam', help: '手法。' },
    images: { type: 'integer', min: 10, help: '枚数。' },
    evaluate: { type: 'flag', help: '評価だけ。' },
  },
} as const satisfies ProgramSpec<Record<string, OptionSpec>>;

function failure(...args: string[]): string {
  try {
    parseOptions(spec, args);
  } catch (error) {
    if (error instanceof UserError) return `${error.message} ${error.advice ?? ''}`;
    throw error;
  }
  throw new Error('失敗しませんでした');
}

describe('コマンドラインの選択肢', () => {
  it('省いたときは決まった値、指定したときはその値になる', () => {
    const { values, given } = parseOptions(spec, ['--batch-size', '4', '--evaluate']);
    expect(values).toEqual({
      batchSize: 4,
      learningRate: 0.001,
      optimizer: 'adam',
      images: undefined,
      evaluate: true,
    });
    expect([...given]).toEqual(['batchSize', 'evaluate']);
  });

  it('= でつないだ値や指数の書き方も読める', () => {
    expect(parseOptions(spec, ['--learning-rate=1e-4']).values.learningRate).toBe(1e-4);
  });

  it.each([
    [['--batch-size', '0'], '--batch-size に「0」は使えません。 1 以上の整数にしてください。'],
    [['--batch-size', '2.5'], '--batch-size に「2.5」は使えません。 1 以上の整数にしてください。'],
    [
      ['--batch-size', 'たくさん'],
      '--batch-size に「たくさん」は使えません。 1 以上の整数にしてください。',
    ],
    [
      ['--learning-rate', '-1'],
      '--learning-rate に「-1」は使えません。 0 以上 1 以下の数にしてください。',
    ],
    [
      ['--learning-rate', 'NaN'],
      '--learning-rate に「NaN」は使えません。 0 以上 1 以下の数にしてください。',
    ],
    [
      ['--optimizer', 'adm'],
      '--optimizer に「adm」は選べません。 sgd、adam のどれかにしてください。',
    ],
    [
      ['--epoch', '3'],
      '選択肢 --epoch はありません。 使える選択肢は npm run chapter -- 99 --help で見られます。',
    ],
    [
      ['--batch-size'],
      '選択肢 --batch-size に値がありません。 使える選択肢は npm run chapter -- 99 --help で見られます。',
    ],
    [
      ['--evaluate=yes'],
      '選択肢 --evaluate に値はつけられません。 使える選択肢は npm run chapter -- 99 --help で見られます。',
    ],
    [
      ['32'],
      '「32」が何の値か分かりません。 使える選択肢は npm run chapter -- 99 --help で見られます。',
    ],
  ])('%j は、理由と直し方の1文ずつで断る', (args, message) => {
    expect(failure(...args)).toBe(message);
  });
});
