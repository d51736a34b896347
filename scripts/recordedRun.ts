import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileExists, UserError } from '#platform';
import { lineChart, type LineChartOptions } from '../chapters/support/figures/index.ts';
import type { Chapter } from './chapters.ts';

/** 記録した図。 */
export interface RecordedFigure {
  /** 図の名前(`loss` など)。 */
  readonly name: string;
  /** ファイルの名前。run.json と同じフォルダーにあります。 */
  readonly file: string;
  /** 図が見えない人のための説明。 */
  readonly alt: string;
  /** 図の下に置く説明。 */
  readonly caption: string;
  /** データセットの画像が写っているか。写っているものは、画像を配らないため記録しません。 */
  readonly containsImages: boolean;
}

/** 章のプログラムが書く run.json。記録すると sourceHash が加わります。 */
export interface RecordedRun {
  readonly chapter: string;
  readonly args: readonly string[];
  readonly date: string;
  readonly engine: Readonly<Record<string, unknown>>;
  readonly data: { readonly name: string; readonly trainSize: number; readonly testSize: number };
  readonly settings: Readonly<Record<string, unknown>>;
  /** 区切りごとに、画面に出した文。 */
  readonly sections: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, unknown>>;
  readonly figures: readonly RecordedFigure[];
  /** {@link sourceHash} の値。まだ記録していなければありません。 */
  readonly sourceHash?: string;
}

/** いくつかの実行を一枚の線グラフで比べる図。 */
export interface Comparison {
  readonly title: string;
  readonly alt: string;
  readonly caption: string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** 縦の値。run.json の values の中の、数の並びへの道。 */
  readonly series: string;
  /** 横の値への道。省くと 1, 2, 3, … です。 */
  readonly x?: string;
  /** 凡例に出す名前と、実行の名前。 */
  readonly runs: Readonly<Record<string, string>>;
  /** 細かく揺れる値をならすか({@link LineChartOptions.smooth})。 */
  readonly smooth?: boolean | number;
  /** 縦軸の数字の見せ方。 */
  readonly yFormat?: NonNullable<LineChartOptions['yFormat']>;
}

/** 章の record.json。どの設定の実行を記録するかを決めます。 */
export interface RecordPlan {
  /** 実行の名前と、main.ts に渡す引数。`run` がふだんの実行です。 */
  readonly runs: Readonly<Record<string, readonly string[]>>;
  /** ふだんの実行のほかに、図を残す実行と、その図の名前。残さない図は、ファイルを増やすだけだからです。 */
  readonly figures: Readonly<Record<string, readonly string[]>>;
  readonly comparisons: Readonly<Record<string, Comparison>>;
}

/** ふだんの実行の名前。 */
export const defaultRun = 'run';

/** 記録を置くフォルダーの名前。 */
export const recordedFolder = 'recorded';

/**
 * 章の record.json を読みます。
 *
 * @param chapter - 章。
 * @returns 記録する実行。record.json がなければ、ふだんの実行だけ。
 * @throws UserError JSON として読めない、または知らない実行を比べようとしているとき。
 */
export async function readRecordPlan(chapter: Chapter): Promise<RecordPlan> {
  const path = join(chapter.directory, 'record.json');
  if (!(await fileExists(path)))
    return { runs: { [defaultRun]: [] }, figures: {}, comparisons: {} };
  const plan = (await readJson(path)) as Partial<RecordPlan>;
  const { runs = {}, figures = {}, comparisons = {} } = plan;
  for (const name of [...Object.keys(runs), ...Object.keys(comparisons)]) {
    if (/^[\w-]+$/.test(name)) continue;
    throw new UserError(
      `${path} の名前「${name}」は使えません。`,
      '英数字と - だけで名づけてください。',
    );
  }
  for (const [name, { runs: compared }] of Object.entries(comparisons)) {
    const missing = Object.values(compared).find((run) => runs[run] === undefined);
    if (missing === undefined) continue;
    throw new UserError(
      `${path} の図「${name}」は、runs にない実行「${missing}」を比べようとしています。`,
      'runs に加えるか、名前を直してください。',
    );
  }
  return { runs, figures, comparisons };
}

/**
 * 記録した実行を読みます。
 *
 * @param chapter - 章。
 * @param run - 実行の名前。
 * @returns 記録。まだなければ undefined。
 * @throws UserError JSON として読めないとき。
 */
export async function readRecordedRun(
  chapter: Chapter,
  run: string,
): Promise<RecordedRun | undefined> {
  const path = join(chapter.directory, recordedFolder, `${run}.json`);
  return (await fileExists(path)) ? readRun(path) : undefined;
}

/**
 * プログラムが書いた run.json を読みます。
 *
 * @param path - run.json。
 * @returns 中身。
 * @throws UserError ファイルがない、または形が違うとき。
 */
export async function readRun(path: string): Promise<RecordedRun> {
  const run = (await readJson(path)) as Partial<RecordedRun>;
  const missing = (
    ['chapter', 'args', 'date', 'engine', 'data', 'sections', 'values', 'figures'] as const
  ).find((key) => run[key] === undefined);
  if (missing !== undefined) {
    throw new UserError(`${path} に ${missing} がありません。`, '記録しなおしてください。');
  }
  return run as RecordedRun;
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new UserError(`${path} を JSON として読めません。`, 'ファイルの中身を直してください。', {
      cause: error,
    });
  }
}

/**
 * 図を記録するときのファイルの名前です。ふだんの実行の図は名前だけ、ほかは `実行-図` になります。
 *
 * @param run - 実行の名前。
 * @param figure - 図。
 * @returns ファイルの名前。
 */
export function recordedFigureFile(run: string, figure: RecordedFigure): string {
  const extension = /\.[^.]+$/.exec(figure.file)?.[0] ?? '';
  return `${run === defaultRun ? '' : `${run}-`}${figure.name}${extension}`;
}

/**
 * 比べる図のファイルの名前です。
 *
 * @param name - 図の名前。
 * @returns ファイルの名前。
 */
export function comparisonFile(name: string): string {
  return `comparison-${name}.svg`;
}

/**
 * 記録に残す図を選びます。CIFAR-10 の画像が写った図は、配れないので残しません。
 *
 * @param plan - 章の record.json。
 * @param run - 実行の名前。
 * @param result - 実行の結果。
 * @returns 残す図。
 */
export function keptFigures(
  plan: RecordPlan,
  run: string,
  result: RecordedRun,
): readonly RecordedFigure[] {
  return result.figures.filter(
    ({ name, containsImages }) =>
      (run === defaultRun || plan.figures[run]?.includes(name) === true) &&
      (!containsImages || result.data.name === 'shapes10'),
  );
}

/**
 * values などの中の値を、点でつないだ道(`test.accuracy`、`perClass.3.name`)でたどります。
 *
 * @param value - 根。
 * @param path - 道。
 * @returns 見つかった値。なければ undefined。
 */
export function valueAt(value: unknown, path: string): unknown {
  let current = value;
  for (const key of path.split('.')) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, key)) {
      return undefined;
    }
    current = (current as Record<string, unknown>)[key];
  }
  return current;
}

/**
 * いくつかの記録から、比べる図を描きます。
 *
 * @param comparison - 何を比べるか。
 * @param runs - 実行の名前と記録。
 * @returns SVG。
 * @throws UserError 記録に、比べる値がないとき。
 */
export function drawComparison(
  comparison: Comparison,
  runs: Readonly<Record<string, RecordedRun>>,
): string {
  const { title, xLabel, yLabel, alt, smooth, yFormat } = comparison;
  const series = Object.entries(comparison.runs).map(([name, run]) => {
    const y = numbersAt(runs[run], run, comparison.series);
    const x =
      comparison.x === undefined ? y.map((_, i) => i + 1) : numbersAt(runs[run], run, comparison.x);
    return { name, x, y };
  });
  return lineChart({
    title,
    xLabel,
    yLabel,
    series,
    description: alt,
    ...(smooth === undefined ? {} : { smooth }),
    ...(yFormat === undefined ? {} : { yFormat }),
  });
}

function numbersAt(recorded: RecordedRun | undefined, run: string, path: string): number[] {
  const found = valueAt(recorded?.values, path);
  if (Array.isArray(found) && found.every((value) => typeof value === 'number')) return found;
  throw new UserError(
    `実行「${run}」の記録に、数の並び ${path} がありません。`,
    'record.json の道を直すか、記録しなおしてください。',
  );
}
