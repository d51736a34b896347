import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileExists, UserError } from '#platform';
import type { LineChartOptions } from '../chapters/support/figures/index.ts';
import type { Chapter } from './chapters.ts';

/** ふだんの実行の名前。 */
export const defaultRun = 'run';

/** どの章のどの実行か。 */
export interface RunReference {
  readonly chapter: Chapter;
  readonly run: string;
}

/** 比べる図の線ひとつ。 */
export interface ComparedLine extends RunReference {
  /** 凡例に出す名前。 */
  readonly name: string;
  /** 縦の値。run.json の values の中の、数の並びへの道。 */
  readonly series: string;
  /** 横の値への道。undefined なら 1, 2, 3, … です。 */
  readonly x: string | undefined;
}

/** いくつかの実行を一枚の線グラフで比べる図。 */
export interface Comparison {
  readonly title: string;
  readonly alt: string;
  readonly caption: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly lines: readonly ComparedLine[];
  /** 細かく揺れる値をならすか({@link LineChartOptions.smooth})。 */
  readonly smooth?: boolean | number;
  /** 縦軸の数字の見せ方。 */
  readonly yFormat?: NonNullable<LineChartOptions['yFormat']>;
}

/** 章の record.json。どの設定の実行を記録するかを決めます。 */
export interface RecordPlan {
  /** 実行の名前と、main.ts に渡す引数。`run` がふだんの実行です。記録は、この順に行います。 */
  readonly runs: Readonly<Record<string, readonly string[]>>;
  /** GPU など、特別な機械でだけ記録できる実行。記録がなくてもかまいません。 */
  readonly optional: ReadonlySet<string>;
  /** 実行が、ほかのどの記録を読んで引用するか。 */
  readonly reads: Readonly<Record<string, readonly RunReference[]>>;
  /** ふだんの実行のほかに、図を残す実行と、その図の名前。残さない図は、ファイルを増やすだけだからです。 */
  readonly figures: Readonly<Record<string, readonly string[]>>;
  readonly comparisons: Readonly<Record<string, Comparison>>;
}

/** record.json に書く、比べる実行。`実行`、`章/実行`、または道もつけたものです。 */
type WrittenLine = string | { readonly run: string; readonly series?: string; readonly x?: string };

interface WrittenComparison extends Omit<Comparison, 'lines'> {
  readonly series?: string;
  readonly x?: string;
  readonly runs: Readonly<Record<string, WrittenLine>>;
}

/** record.json に書かれたままの形。 */
interface WrittenPlan {
  readonly runs?: RecordPlan['runs'];
  readonly optional?: readonly string[];
  /** 並びなら、すべての実行が読みます。 */
  readonly reads?: readonly string[] | Readonly<Record<string, readonly string[]>>;
  readonly figures?: RecordPlan['figures'];
  readonly comparisons?: Readonly<Record<string, WrittenComparison>>;
}

/**
 * 章の record.json を読みます。
 *
 * @param chapter - 章。
 * @param chapters - すべての章。ほかの章の実行を指せるようにします。
 * @returns 記録する実行。record.json がなければ、ふだんの実行だけ。
 * @throws UserError JSON として読めない、または知らない実行を指しているとき。
 */
export async function readRecordPlan(
  chapter: Chapter,
  chapters: readonly Chapter[],
): Promise<RecordPlan> {
  const written = await readWritten(chapter);
  const { runs = {}, optional = [], reads = {}, figures = {}, comparisons = {} } = written;
  const names = Object.keys(runs);
  const reader = new PlanReader(chapter, chapters);
  reader.checkNames([...names, ...Object.keys(comparisons)]);
  for (const run of [...optional, ...Object.keys(figures)]) await reader.find(run, 'この章の実行');

  const readsOf: readonly (readonly [string, readonly string[]])[] = Array.isArray(reads)
    ? names.map((run) => [run, reads as readonly string[]])
    : Object.entries(reads as Readonly<Record<string, readonly string[]>>);
  const readReferences: Record<string, RunReference[]> = {};
  for (const [run, references] of readsOf) {
    await reader.find(run, 'reads');
    readReferences[run] = await Promise.all(
      references.map((reference) => reader.findEarlier(reference, run, names)),
    );
  }

  const drawn: Record<string, Comparison> = {};
  for (const [name, { runs: compared, series, x, ...shown }] of Object.entries(comparisons)) {
    const lines = Object.entries(compared).map(async ([label, line]) => {
      const own = typeof line === 'string' ? { run: line } : line;
      const path = own.series ?? series;
      if (path === undefined) {
        throw reader.fault(`図「${name}」の「${label}」に、series がありません。`);
      }
      const reference = await reader.find(own.run, `図「${name}」`);
      return { ...reference, name: label, series: path, x: own.x ?? x };
    });
    drawn[name] = { ...shown, lines: await Promise.all(lines) };
  }
  return {
    runs,
    optional: new Set(optional),
    reads: readReferences,
    figures,
    comparisons: drawn,
  };
}

async function readWritten(chapter: Chapter): Promise<WrittenPlan> {
  const path = planPath(chapter);
  return (await fileExists(path))
    ? ((await readJson(path)) as WrittenPlan)
    : { runs: { [defaultRun]: [] } };
}

function planPath({ directory }: Chapter): string {
  return join(directory, 'record.json');
}

/** record.json の中の名前を、章と実行に直します。 */
class PlanReader {
  readonly #chapter: Chapter;
  readonly #chapters: readonly Chapter[];

  constructor(chapter: Chapter, chapters: readonly Chapter[]) {
    this.#chapter = chapter;
    this.#chapters = chapters;
  }

  fault(message: string, advice = 'runs に加えるか、名前を直してください。'): UserError {
    return new UserError(`${planPath(this.#chapter)} の${message}`, advice);
  }

  checkNames(names: readonly string[]): void {
    const bad = names.find((name) => !/^[\w-]+$/.test(name));
    if (bad === undefined) return;
    throw this.fault(`名前「${bad}」は使えません。`, '英数字と - だけで名づけてください。');
  }

  /** `実行` か `章/実行` を探します。place は、それがどこに書いてあるかです。 */
  async find(reference: string, place: string): Promise<RunReference> {
    const [run = '', name] = reference.split('/').reverse();
    const chapter =
      name === undefined
        ? this.#chapter
        : this.#chapters.find((candidate) => candidate.name === name || candidate.id === name);
    if (chapter !== undefined && (await readWritten(chapter)).runs?.[run] !== undefined) {
      return { chapter, run };
    }
    throw this.fault(`${place}は、runs にない実行「${reference}」を指しています。`);
  }

  /** reads の先を探します。堂々めぐりにならないように、先に記録するものだけを許します。 */
  async findEarlier(
    reference: string,
    reader: string,
    order: readonly string[],
  ): Promise<RunReference> {
    const found = await this.find(reference, 'reads');
    const earlier =
      found.chapter.name === this.#chapter.name
        ? order.indexOf(found.run) < order.indexOf(reader)
        : found.chapter.name < this.#chapter.name;
    if (earlier) return found;
    throw this.fault(
      `reads で、実行「${reader}」は、あとで記録する「${reference}」を読もうとしています。`,
      '読まれる実行を runs の前のほうに置いてください。ほかの章なら、前の章のものだけを読めます。',
    );
  }
}

/**
 * JSON のファイルを読みます。
 *
 * @param path - ファイル。
 * @returns 中身。
 * @throws UserError JSON として読めないとき。
 */
export async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new UserError(`${path} を JSON として読めません。`, 'ファイルの中身を直してください。', {
      cause: error,
    });
  }
}
