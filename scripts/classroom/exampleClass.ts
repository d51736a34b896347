/**
 * 採点を試すための、架空のクラスを作ります: `npx tsx scripts/classroom/exampleClass.ts 置き場所`。
 *
 * 提出は、教材の解答、よくある間違い、手つかずのファイルを混ぜて作ります。人の名前は、どれも架空のものです。
 *
 * @module
 */
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  displayPath,
  installErrorReporter,
  parseOptions,
  print,
  projectRoot,
  readText,
  UserError,
  writeFileAtomic,
} from '#platform';
import { createRandom } from '../../datasets/random.ts';
import type { Random } from '../../datasets/types.ts';
import { loadMistakes } from '../exercises/proof.ts';
import { answerRegions, replaceRegions } from '../exercises/stub.ts';
import { applyMistake } from '../exercises/variants.ts';
import { loadExercises, type Exercise } from '../grading/exercises.ts';
import { selectExercises } from '../grading/select.ts';
import { writeCsv } from './csv.ts';
import type { Student } from './types.ts';

const names = [
  ...['青木 陽菜', '石田 蓮', '上原 結衣', '遠藤 湊', '大森 葵', '加納 樹', '北川 凛', '久保 大和'],
  ...['小松 紬', '佐伯 悠真', '柴田 咲良', '杉山 律', '関口 芽依', '高瀬 新', '千葉 澪', '辻 朝陽'],
  ...['中井 詩', '西村 暖', '野口 莉子', '浜田 蒼', '平野 杏', '藤田 颯太', '三浦 栞', '和田 岳'],
];
const absent = new Set([20, 23]); // 提出しない人
const late = new Set([6, 15]); // 締め切りの後に出す人
/** 架空のクラスの設定。 */
const settings = {
  title: '深層学習入門 2026 A 組',
  exercises: ['01'],
  points: { default: 1, '01-08': 2, '01-22': 2, '01-23': 3, '01-24': 3 },
  due: '2026-05-15T23:59:00+09:00',
  late: [
    { hours: 0, percent: 10 },
    { hours: 24, percent: 30 },
  ],
};

// 答えの丸写しに見える組です。二人目は、変数の名前と注釈だけを変えています
const copiers: readonly [number, number] = [8, 17];
const copiedAnswers: Readonly<Record<string, (word: (name: string) => string) => string>> = {
  '01-04': (word) => `const ${word('all')}: number[][] = [];
for (let ${word('n')} = 0; ${word('n')} < logits.length; ${word('n')}++) {
  let ${word('top')} = -Infinity;
  for (const ${word('x')} of logits[${word('n')}]!) if (${word('x')} > ${word('top')}) ${word('top')} = ${word('x')};
  let ${word('sum')} = 0;
  const ${word('line')}: number[] = [];
  for (const ${word('x')} of logits[${word('n')}]!) {
    const ${word('value')} = Math.exp(${word('x')} - ${word('top')});
    ${word('line')}.push(${word('value')});
    ${word('sum')} += ${word('value')};
  }
  for (let ${word('k')} = 0; ${word('k')} < ${word('line')}.length; ${word('k')}++) ${word('line')}[${word('k')}]! /= ${word('sum')};
  ${word('all')}.push(${word('line')});
}
return ${word('all')};`,
  '01-01': (word) => `const ${word('all')}: number[][] = [];
for (const ${word('row')} of inputs) {
  const ${word('line')}: number[] = [];
  for (let ${word('k')} = 0; ${word('k')} < bias.length; ${word('k')}++) {
    let ${word('sum')} = 0;
    for (let ${word('d')} = 0; ${word('d')} < ${word('row')}.length; ${word('d')}++) {
      ${word('sum')} = ${word('sum')} + ${word('row')}[${word('d')}]! * weights[${word('d')}]![${word('k')}]!;
    }
    ${word('line')}.push(${word('sum')} + bias[${word('k')}]!);
  }
  ${word('all')}.push(${word('line')});
}
return ${word('all')};`,
};

/** 採点で止めるはずの、困った答え。学習者の番号と演習ごとです。`missing` と `notUtf8` は、ファイルがないものと読めないもの。 */
const troubles: Readonly<Record<string, string>> = {
  '3 01-09': 'for (;;) {}',
  '11 01-21': 'const kept: number[][] = [];\nfor (;;) kept.push(new Array<number>(1e6).fill(0));',
  '13 01-12': 'missing',
  '18 01-16': 'notUtf8',
  '21 01-14': 'globalThis.process.exit(0);',
};

/** {@link makeExampleClass} の作り方。 */
export interface ExampleClass {
  /** リポジトリのいちばん上。 */
  readonly root: string;
  /** 置き場所。 */
  readonly folder: string;
  /** 終えた割合(0 から 1)。小さいと、後ろの演習が手つかずになります。省くと 1。 */
  readonly progress?: number;
  /** 乱数の種。省くと 1。 */
  readonly seed?: number;
}

/**
 * 24 人の架空のクラスを作ります。同じ種からは、同じ答えができます。
 *
 * 提出物のフォルダーの名前は、Moodle の「すべての提出をダウンロードする」と同じ付け方です。
 *
 * @param example - 作り方。
 * @returns 提出物のフォルダー、名簿、Moodle の評定ワークシート。ほかに、設定の `class.json` も作ります。
 * @throws UserError 演習のファイルが読めないとき。
 */
export async function makeExampleClass(
  example: ExampleClass,
): Promise<{ readonly submissions: string; readonly roster: string; readonly worksheet: string }> {
  const { root, folder, progress = 1, seed = 1 } = example;
  const exercises = selectExercises(await loadExercises(root), settings.exercises);
  const submissions = join(folder, '提出物');
  const roster = join(folder, '名簿.csv');
  const worksheet = join(folder, '評定ワークシート.csv');
  await writeFileAtomic(roster, describeRoster());
  await writeFileAtomic(worksheet, describeWorksheet(seed));
  await writeFileAtomic(join(folder, 'class.json'), `${JSON.stringify(settings, null, 2)}\n`);
  const banks = await Promise.all(exercises.map((exercise) => readBank(root, exercise)));
  for (const [number, student] of students().entries()) {
    if (absent.has(number)) continue;
    const home = join(submissions, `${student.name}_${student.moodleId!}_assignsubmission_file_`);
    const random = createRandom(seed, number);
    const skill = 0.55 + 0.4 * random();
    for (const [place, bank] of banks.entries()) {
      const reached = place < banks.length * progress * (0.75 + 0.35 * skill);
      const answer = chooseAnswer({ number, bank, random, skill, reached });
      if (answer === undefined) continue;
      await writeFileAtomic(join(home, bank.exercise.stub), answer);
    }
  }
  return { submissions, roster, worksheet };
}

/** 演習ひとつの、答えの材料。 */
interface AnswerBank {
  readonly exercise: Exercise;
  /** 手つかずのファイル。 */
  readonly stub: string;
  /** 解答。区間の印つきです。 */
  readonly solution: string;
  /** 間違った答え。 */
  readonly wrong: readonly string[];
}

async function readBank(root: string, exercise: Exercise): Promise<AnswerBank> {
  const [stub, solution] = await Promise.all([
    readText(join(root, exercise.stub)),
    readText(join(root, exercise.solution)),
  ]);
  const mistakes = await loadMistakes(root, exercise);
  // 答えを丸ごと書く間違いは、二人が同じものを出すと丸写しに見えるので使いません
  const wrong = mistakes.filter(({ replace }) => replace !== undefined);
  return { exercise, stub, solution, wrong: wrong.map((one) => applyMistake(solution, one)) };
}

interface Choice {
  readonly number: number;
  readonly bank: AnswerBank;
  readonly random: Random;
  /** 正しく書ける割合。 */
  readonly skill: number;
  /** 時間のうちに、この演習まで進んだか。 */
  readonly reached: boolean;
}

/** 提出するファイルの中身。出さないときは undefined です。 */
function chooseAnswer({
  number,
  bank,
  random,
  skill,
  reached,
}: Choice): string | Buffer | undefined {
  const { exercise, stub, solution, wrong } = bank;
  const fill = (body: string): string =>
    replaceRegions(solution, new Map(answerRegions(solution).map((name) => [name, body])));
  const [dice, pick] = [random(), random()];
  if (!reached) return stub;
  const trouble = troubles[`${number} ${exercise.id}`];
  if (trouble === 'missing') return undefined;
  if (trouble === 'notUtf8') return Buffer.from([...Buffer.from(stub), 0x83, 0x5c, 0x0a]);
  if (trouble !== undefined) return fill(trouble);
  const copied = copiedAnswers[exercise.id];
  const writer = copiers.indexOf(number);
  if (copied !== undefined && writer !== -1) {
    return fill(
      copied((name) => (writer === 0 ? name : `my${name[0]!.toUpperCase()}${name.slice(1)}`)),
    );
  }
  const right = skill - 0.12 * (exercise.stars - 1);
  if (dice < right || wrong.length === 0) return replaceRegions(solution, new Map());
  return dice < right + 0.85 * (1 - right) ? wrong[Math.floor(pick * wrong.length)]! : stub;
}

/** Moodle の書き方の、提出した時刻です。締め切りの前の 70 時間か、少し後です。 */
function submittedAt(number: number, random: Random): string {
  const hours = late.has(number) ? 5 + 25 * (number % 2) : -1 - 69 * random();
  const time = new Date(Date.parse(settings.due) + hours * 3_600_000);
  return new Intl.DateTimeFormat('ja', {
    ...{ dateStyle: 'long', timeStyle: 'short', timeZone: 'Asia/Tokyo' },
  }).format(time);
}

function students(): Student[] {
  return names.map((name, number) => ({
    id: `26A${String(number + 1).padStart(3, '0')}`,
    name,
    email: `26a${String(number + 1).padStart(3, '0')}@example.ac.jp`,
    moodleId: String(4101 + number),
  }));
}

function describeRoster(): string {
  const columns = ['学籍番号', '氏名', 'メール', '識別子'];
  const rows = students().map(({ id, name, email = '', moodleId = '' }) => ({
    学籍番号: id,
    氏名: name,
    メール: email,
    識別子: moodleId,
  }));
  return writeCsv(columns, rows);
}

function describeWorksheet(seed: number): string {
  const columns = [
    ...['識別子', '氏名', 'メールアドレス', 'ステータス', '評点', '最大評点'],
    ...['最終更新日時 (提出)', 'フィードバックコメント'],
  ];
  const rows = students().map(({ name, email = '', moodleId = '' }, number) => ({
    識別子: `参加者 ${moodleId}`,
    氏名: name,
    メールアドレス: email,
    ステータス: absent.has(number) ? '未提出' : '評定のために提出済み',
    評点: '',
    最大評点: '',
    '最終更新日時 (提出)': absent.has(number)
      ? '-'
      : submittedAt(number, createRandom(seed, number)),
    フィードバックコメント: '',
  }));
  return writeCsv(columns, rows);
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  installErrorReporter();
  const { values, operands } = parseOptions({
    command: 'npx tsx scripts/classroom/exampleClass.ts',
    summary: '採点を試すための、24 人の架空のクラスを作ります。',
    operands: '置き場所',
    options: {
      progress: { type: 'number', min: 0, help: '終えた割合(0 から 1)。省くと 1。' },
      seed: { type: 'integer', min: 0, help: '乱数の種。省くと 1。' },
    },
  });
  const [folder] = operands;
  if (folder === undefined || operands.length > 1) {
    throw new UserError(
      '架空のクラスの置き場所を、ひとつ書いてください。',
      'npx tsx scripts/classroom/exampleClass.ts outputs/example のように打ちます。',
    );
  }
  const { submissions } = await makeExampleClass({
    ...{ root: projectRoot, folder: resolve(folder) },
    ...(values.progress !== undefined && { progress: values.progress }),
    ...(values.seed !== undefined && { seed: values.seed }),
  });
  print(
    `架空のクラスを ${displayPath(resolve(folder))} に作りました。提出は ${displayPath(submissions)} にあります。`,
  );
}
