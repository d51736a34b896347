import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { fileExists, UserError } from '#platform';
import { lineChart } from '../chapters/support/figures/index.ts';
import type { Chapter } from './chapters.ts';
import {
  defaultRun,
  readJson,
  type Comparison,
  type RecordPlan,
  type RunReference,
} from './recordPlan.ts';

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

/** 章のプログラムが書く run.json。記録すると sourceHash と、ほかの記録を引用する実行では reads が加わります。 */
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
  /** この実行が引用した記録の名前と、そのときの {@link contentHash}。まだ記録がなかったものは null。 */
  readonly reads?: Readonly<Record<string, string | null>>;
}

/** 記録を置くフォルダーの名前。 */
export const recordedFolder = 'recorded';

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
 * 実行が引用する記録の、今の中身のハッシュを求めます。
 *
 * プログラムのハッシュだけでは、引用した先が記録しなおされたことに気づけません。記録するときにこれを残しておき、あとで比べます。
 *
 * @param chapter - 引用する実行の章。
 * @param references - 引用される実行。
 * @returns 名前(ほかの章なら `章/実行`)とハッシュ。記録がなければ null。
 * @throws UserError 記録を読めないとき。
 */
export async function hashReads(
  chapter: Chapter,
  references: readonly RunReference[],
): Promise<Record<string, string | null>> {
  const hashes: Record<string, string | null> = {};
  for (const { chapter: other, run } of references) {
    const recorded = await readRecordedRun(other, run);
    const name = other.name === chapter.name ? run : `${other.name}/${run}`;
    hashes[name] = recorded === undefined ? null : contentHash(recorded);
  }
  return hashes;
}

/** 記録の中身のハッシュです。引用されることのない、印の部分は含めません。 */
function contentHash(recorded: RecordedRun): string {
  const content = { ...recorded, sourceHash: undefined, reads: undefined };
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}

/**
 * いくつかの記録から、比べる図を描きます。
 *
 * @param comparison - 何を比べるか。
 * @param runs - 線ごとの記録。comparison の lines と同じ順です。
 * @returns SVG。
 * @throws UserError 記録に、比べる値がないとき。
 */
export function drawComparison(comparison: Comparison, runs: readonly RecordedRun[]): string {
  const { title, xLabel, yLabel, alt, smooth, yFormat } = comparison;
  const series = comparison.lines.map(({ name, run, series: path, x: xPath }, i) => {
    const y = numbersAt(runs[i], run, path);
    const x = xPath === undefined ? y.map((_, place) => place + 1) : numbersAt(runs[i], run, xPath);
    if (x.length === y.length) return { name, x, y };
    throw new UserError(
      `実行「${run}」の記録の ${path} は ${y.length} 個、${String(xPath)} は ${x.length} 個です。`,
      '同じ長さの並びを、record.json に書いてください。',
    );
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
