import { readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileExists, UserError } from '#platform';
import { listChapters, type Chapter } from './chapters.ts';
import { fillMarkers, findMarkers, type Marker } from './markers.ts';
import type { Problem } from './problems.ts';
import { drawComparisons, leftoverFiles } from './recording.ts';
import {
  comparisonFile,
  hashReads,
  readRecordedRun,
  recordedFolder,
  valueAt,
  type RecordedFigure,
  type RecordedRun,
} from './recordedRun.ts';
import { defaultRun, readRecordPlan, type RecordPlan } from './recordPlan.ts';
import { findRegions } from './regions.ts';
import { findHeadings, parseMarkdown } from './slug.ts';
import { describeSource, type ProgramSource } from './sourceHash.ts';
import { listTeacherPages } from './site/sources.ts';
import { findTypedNumbers, type FixedNumbers } from './typedNumbers.ts';

/** 書きかえるべきファイル。 */
export interface Drift {
  /** 絶対パス。 */
  readonly path: string;
  /** あるべき中身。 */
  readonly text: string;
}

/** プログラムや記録と、本文とを見くらべた結果。 */
export interface SyncResult {
  /** 中身がずれているファイル。書きかえれば直ります。 */
  readonly drifts: readonly Drift[];
  /** ずれているところ(ファイルと行)。 */
  readonly driftProblems: readonly Problem[];
  /** 埋められない目印など、人が直すところ。 */
  readonly faults: readonly Problem[];
  /** 記録が今のプログラムのものでないところ。 */
  readonly stale: readonly Problem[];
}

/**
 * 章と表紙の README、サイトの表紙、「教える人へ」の目印を、プログラムと記録から埋めます。ファイルは書きません。
 *
 * @param root - リポジトリのいちばん上。
 * @returns ずれと、直すべきところ。
 */
export async function synchronize(root: string): Promise<SyncResult> {
  const chapters = await listChapters(root);
  const sources = new Sources(root, chapters);
  const drifts: Drift[] = [];
  const driftProblems: Problem[] = [];
  const faults: Problem[] = [];
  const stale: Problem[] = [];

  for (const chapter of chapters) {
    if (chapter.program === undefined) continue;
    const plan = await sources.plan(chapter);
    stale.push(...(await findStale(root, chapter, plan)));
    for (const { path, svg } of await drawComparisons(chapter, plan)) {
      if ((await fileExists(path)) && (await readText(path)) === svg) continue;
      drifts.push({ path, text: svg });
      driftProblems.push({
        file: display(root, path),
        message: '比べる図が、記録とずれています。',
      });
    }
  }

  const fixedNumbers = await readFixedNumbers(root);
  for (const { path, chapter } of readmes(root, chapters)) {
    if (!(await fileExists(path))) continue;
    const file = display(root, path);
    const text = await readText(path);
    const upcoming = new Set(drifts.map((drift) => drift.path));
    const result = await fill({ root, path, file, text, chapter, sources, upcoming });
    faults.push(...result.faults);
    driftProblems.push(...result.drifts);
    if (result.text !== text) drifts.push({ path, text: result.text });
    if (chapter !== undefined) {
      faults.push(...findTypedNumbers(file, result.text, fixedNumbers[file] ?? {}));
    }
  }
  return { drifts, driftProblems, faults, stale };
}

function readmes(
  root: string,
  chapters: readonly Chapter[],
): { path: string; chapter: Chapter | undefined }[] {
  return [
    { path: join(root, 'README.md'), chapter: undefined },
    { path: join(root, 'site', 'home.md'), chapter: undefined },
    ...listTeacherPages(root).map(({ file }) => ({ path: join(root, file), chapter: undefined })),
    ...chapters.map((chapter) => ({ path: join(chapter.directory, 'README.md'), chapter })),
  ];
}

async function readFixedNumbers(root: string): Promise<Readonly<Record<string, FixedNumbers>>> {
  const path = join(root, 'scripts', 'prose', 'fixedNumbers.json');
  if (!(await fileExists(path))) return {};
  return JSON.parse(await readText(path)) as Record<string, FixedNumbers>;
}

async function readText(path: string): Promise<string> {
  return (await readFile(path, 'utf8')).replaceAll('\r\n', '\n');
}

function display(root: string, path: string): string {
  return relative(root, path).split(sep).join('/');
}

/** 章のプログラムが、ほかの記録を読むのに使うファイル。 */
const recordReader = 'chapters/support/recordedValues.ts';

async function findStale(root: string, chapter: Chapter, plan: RecordPlan): Promise<Problem[]> {
  const folder = `chapters/${chapter.name}/${recordedFolder}`;
  const problems: Problem[] = [];
  let source: ProgramSource;
  try {
    source = await describeSource(root, chapter.program!);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [asProblem({ file: `chapters/${chapter.name}/main.ts` }, error)];
  }
  if (source.files.includes(recordReader) && Object.keys(plan.reads).length === 0) {
    problems.push({
      file: `chapters/${chapter.name}/record.json`,
      message: 'プログラムがほかの記録を読むのに、reads がありません。',
      mend: `"reads": { "run": ["章/実行"] } のように、どの実行が何を引用するかを書いてください。`,
    });
  }
  for (const run of Object.keys(plan.runs)) {
    const recorded = await readRecordedRun(chapter, run);
    const optional = plan.optional.has(run);
    if (recorded === undefined && optional) continue;
    const message =
      recorded === undefined
        ? `実行「${run}」は、まだ記録がありません。`
        : await describeStaleness(chapter, plan, run, recorded, source.hash);
    if (message === undefined) continue;
    const file = `${folder}/${run}.json`;
    const mend = optional ? optionalMend(chapter, run) : `npm run record -- ${chapter.id} ${run}`;
    problems.push({ file, message, mend });
  }
  for (const name of await leftoverFiles(chapter, plan)) {
    problems.push({
      file: `${folder}/${name}`,
      message: 'どの実行のものでもないファイルです。',
      mend: '消すか、record.json の runs に加えてください。',
    });
  }
  return problems;
}

/** 記録が今のものでない理由。今のものなら undefined です。 */
async function describeStaleness(
  chapter: Chapter,
  plan: RecordPlan,
  run: string,
  recorded: RecordedRun,
  presentHash: string,
): Promise<string | undefined> {
  if (recorded.sourceHash !== presentHash) {
    return 'この記録のあとで、プログラムが変わりました。';
  }
  if (JSON.stringify(recorded.args) !== JSON.stringify(plan.runs[run])) {
    return 'この記録のあとで、record.json の引数が変わりました。';
  }
  const before = recorded.reads ?? {};
  const now = await hashReads(chapter, plan.reads[run] ?? []);
  const changed = [...new Set([...Object.keys(before), ...Object.keys(now)])].filter(
    (name) => before[name] !== now[name],
  );
  if (changed.length === 0) return undefined;
  return `この記録のあとで、引用している記録 ${changed.join('、')} が変わりました。`;
}

/** 特別な機械の要る実行の直し方。手元にその機械がない人にも、進む道を示します。 */
function optionalMend({ id }: Chapter, run: string): string {
  return `特別な機械(GPU など)で npm run record -- ${id} ${run} を実行してください。使えなければ、記録を消せば、なくてもよい実行として扱われます。`;
}

/** 目印ひとつを埋めるときに見るもの。 */
interface Page {
  readonly root: string;
  readonly path: string;
  readonly file: string;
  readonly text: string;
  readonly chapter: Chapter | undefined;
  readonly sources: Sources;
  /** まだないが、これから書かれる図(絶対パス)。 */
  readonly upcoming: ReadonlySet<string>;
}

async function fill(page: Page): Promise<{ text: string; faults: Problem[]; drifts: Problem[] }> {
  const { file, text } = page;
  const { markers, faults: misspelled } = findMarkers(text);
  const faults: Problem[] = misspelled.map((fault) => ({ file, ...fault }));
  const drifts: Problem[] = [];
  const bodies: [Marker, string][] = [];
  for (const marker of markers) {
    try {
      const body = await bodyOf(page, marker);
      bodies.push([marker, body]);
      if (body === text.slice(marker.bodyStart, marker.bodyEnd)) continue;
      const what = [marker.kind, ...marker.args].join(' ');
      const message = `<!-- ${what} --> の中身が、プログラムや記録とずれています。`;
      drifts.push({ file, line: marker.line, message });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      faults.push(asProblem({ file, line: marker.line }, error));
    }
  }
  return { text: fillMarkers(text, bodies), faults, drifts };
}

function asProblem(place: Pick<Problem, 'file' | 'line'>, error: UserError): Problem {
  const mend = error.advice === undefined ? {} : { mend: error.advice };
  return { ...place, message: error.message, ...mend };
}

async function bodyOf(page: Page, marker: Marker): Promise<string> {
  switch (marker.kind) {
    case 'code':
      return block(await codeBody(page, marker.args));
    case 'output':
      return block(await outputBody(page, marker.args));
    case 'figure':
      return block(await figureBody(page, marker.args));
    case 'toc':
      return block(tocBody(page.text));
    case 'value': {
      const [path, format] = expectArgs(marker.args, 2, 'value 道 書式');
      return formatValue(await recordedValue(page, path!), path!, format!);
    }
    case 'ratio': {
      const [top, bottom, format] = expectArgs(marker.args, 3, 'ratio 道 道 書式');
      const quotient =
        asNumber(await recordedValue(page, top!), top!) /
        asNumber(await recordedValue(page, bottom!), bottom!);
      return formatValue(quotient, `${top!} / ${bottom!}`, format!);
    }
  }
}

function block(body: string): string {
  return `\n\n${body}\n\n`;
}

function expectArgs(args: readonly string[], count: number, usage: string): readonly string[] {
  if (args.length === count) return args;
  throw new UserError('目印の語の数が違います。', `<!-- ${usage} --> の形で書いてください。`);
}

async function codeBody(page: Page, args: readonly string[]): Promise<string> {
  const [name, file = 'main.ts', ...extra] = args;
  if (name === undefined || extra.length > 0) {
    throw new UserError(
      '目印の語の数が違います。',
      '<!-- code 区間 [ファイル] --> の形で書いてください。',
    );
  }
  const path = resolve(dirname(page.path), file);
  const shown = display(page.root, path);
  const { regions, faults } = await page.sources.regions(path, shown);
  if (faults[0] !== undefined) {
    throw new UserError(
      `${shown}:${faults[0].line} ${faults[0].message}`,
      `${shown} を直してください。`,
    );
  }
  const region = regions.get(name);
  if (region === undefined) {
    throw new UserError(
      `${shown} に区間「${name}」がありません。`,
      regions.size === 0
        ? `${shown} に // #region ${name} と // #endregion を書いてください。`
        : `今ある区間は ${[...regions.keys()].join('、')} です。`,
    );
  }
  const link = display(dirname(page.path), path);
  const { firstLine, lastLine } = region;
  const language = /\.(\w+)$/.exec(file)?.[1] ?? '';
  const [lines, anchor] =
    firstLine === lastLine
      ? [`${firstLine}`, `L${firstLine}`]
      : [`${firstLine}〜${lastLine}`, `L${firstLine}-L${lastLine}`];
  return [
    ...fenced(language, region.code),
    '',
    `[${file} の ${lines} 行目](${link}#${anchor})`,
  ].join('\n');
}

/** 目印の `[章/][実行:]名前 [[章/]実行]` を読みます。 */
function recordedPart(page: Page, args: readonly string[], usage: string): Reference {
  const [reference, run, ...extra] = args;
  if (reference === undefined || extra.length > 0) {
    throw new UserError('目印の語の数が違います。', `<!-- ${usage} --> の形で書いてください。`);
  }
  if (run?.includes('/')) return page.sources.locate(`${run}:${reference}`, page.chapter);
  const located = page.sources.locate(reference, page.chapter);
  return run === undefined ? located : { ...located, run, runNamed: true };
}

async function outputBody(page: Page, args: readonly string[]): Promise<string> {
  const { chapter, run, name } = recordedPart(page, args, 'output 区切り [実行]');
  const recorded = await page.sources.run(chapter, run);
  const section = recorded.sections[name];
  if (section === undefined) {
    throw new UserError(
      `実行「${run}」の記録に、区切り「${name}」の出力がありません。`,
      `今ある区切りは ${Object.keys(recorded.sections).join('、')} です。`,
    );
  }
  const text = section.replace(/^\s*\n|\s+$/g, '');
  return [...fenced('text', text), '', describeRun(recorded)].join('\n');
}

function fenced(language: string, text: string): string[] {
  const longest = Math.max(2, ...[...text.matchAll(/`{3,}/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return [fence + language, text, fence];
}

const dataNames: Readonly<Record<string, string>> = {
  cifar10: 'CIFAR-10',
  shapes10: '内蔵の図形データ shapes10',
};

function describeRun({ engine, data, date, args }: RecordedRun): string {
  const parts = [
    engineName(engine),
    dataNames[data.name] ?? data.name,
    ...(args.length > 0 ? [`選択肢 \`${args.join(' ')}\``] : []),
    date,
  ];
  return `実行の記録: ${parts.join('、')}`;
}

/** 仕組みの note のはじめにある、本物の GPU でないという印。 */
const softwareGpu = 'ソフトウェアによる GPU のまね';

function engineName({ device, engine: name, note }: RecordedRun['engine']): string {
  const software = typeof note === 'string' && note.includes(softwareGpu);
  const place = typeof device === 'string' ? device.toUpperCase() : undefined;
  const where = software ? softwareGpu : place;
  return `計算方法 ${typeof name === 'string' ? name : '不明'}${where === undefined ? '' : `(${where})`}`;
}

async function figureBody(page: Page, args: readonly string[]): Promise<string> {
  const reference = recordedPart(page, args, 'figure 図 [実行]');
  const { chapter } = reference;
  const { file, alt, caption } = await findFigure(page.sources, reference);
  const path = join(chapter.directory, recordedFolder, file);
  if (!page.upcoming.has(path) && !(await fileExists(path))) {
    throw new UserError(
      `図のファイル ${display(page.root, path)} がありません。`,
      `npm run record -- ${chapter.id} で記録してください。`,
    );
  }
  const link = display(dirname(page.path), path);
  return [`![${alt.replace(/[[\]\\]/g, '\\$&')}](${link})`, '', caption].join('\n');
}

async function findFigure(
  sources: Sources,
  { chapter, run, name, runNamed }: Reference,
): Promise<Pick<RecordedFigure, 'file' | 'alt' | 'caption'>> {
  const { comparisons } = await sources.plan(chapter);
  // 実行の図と比べる図が同じ名前なら、実行を書いたときに実行の図を選びます
  const comparison = runNamed ? undefined : comparisons[name];
  if (comparison !== undefined) return { ...comparison, file: comparisonFile(name) };
  const { figures } = await sources.run(chapter, run);
  const figure = figures.find((candidate) => candidate.name === name);
  if (figure !== undefined) return figure;
  const names = [...figures.map((candidate) => candidate.name), ...Object.keys(comparisons)];
  const present =
    names.length === 0 ? '今は図がありません。' : `今ある図は ${names.join('、')} です。`;
  const reason =
    run === defaultRun
      ? 'データセットの画像が写った図は、配れないので残りません。'
      : `${run} の図は、record.json の figures に書いたものだけが残ります。`;
  throw new UserError(`実行「${run}」の記録に、図「${name}」がありません。`, present + reason);
}

function tocBody(text: string): string {
  const headings = findHeadings(parseMarkdown(text)).filter(
    ({ level }) => level === 2 || level === 3,
  );
  return headings
    .map(({ level, text: title, slug }) => `${'  '.repeat(level - 2)}- [${title}](#${slug})`)
    .join('\n');
}

async function recordedValue(page: Page, reference: string): Promise<unknown> {
  const { chapter, run, name: path } = page.sources.locate(reference, page.chapter);
  const recorded = await page.sources.run(chapter, run);
  const value = valueAt(recorded.values, path) ?? valueAt(recorded, path);
  if (value !== undefined) return value;
  throw new UserError(
    `実行「${run}」の記録に、値 ${path} がありません。`,
    `${chapter.name}/${recordedFolder}/${run}.json の values からの道を書いてください。`,
  );
}

function asNumber(value: unknown, path: string): number {
  if (typeof value === 'number') return value;
  throw new UserError(`${path} は数ではありません。`, '数への道を書いてください。');
}

const formats: Readonly<Record<string, (value: number) => string>> = {
  percent1: (value) => `${(value * 100).toFixed(1)} %`,
  int: (value) => Math.round(value).toLocaleString('en-US'),
  fixed1: (value) => value.toFixed(1),
  fixed2: (value) => value.toFixed(2),
  fixed3: (value) => value.toFixed(3),
  fixed4: (value) => value.toFixed(4),
  seconds1: (value) => `${value.toFixed(1)} 秒`,
  scientific1: scientific,
};

/** とても小さい数や大きい数を `1.2×10⁻⁵` の形にします。 */
function scientific(value: number): string {
  if (value === 0) return '0';
  const [digits, exponent] = value.toExponential(1).split('e') as [string, string];
  const raised = exponent.replace('+', '').replace(/./g, (letter) => superscripts[letter]!);
  return `${digits}×10${raised}`;
}

const superscripts: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Array.from('⁰¹²³⁴⁵⁶⁷⁸⁹', (letter, digit) => [digit, letter])),
  '-': '⁻',
};

/**
 * 記録した値を、本文に置く形にします。
 *
 * @param value - 値。
 * @param path - エラーに出す、値への道。
 * @param format - `percent1`(0〜1 の割合を百分率に)、`int`、`fixed1`〜`fixed4`、`seconds1`、`scientific1`、`text`。
 * @returns 本文に置く文字列。
 * @throws UserError 書式を知らない、または値の型が合わないとき。
 */
export function formatValue(value: unknown, path: string, format: string): string {
  if (format === 'text') {
    if (typeof value === 'string' || typeof value === 'number') return String(value);
    throw new UserError(
      `${path} は文字列でも数でもありません。`,
      '一つの値への道を書いてください。',
    );
  }
  const show = formats[format];
  if (show === undefined) {
    throw new UserError(
      `書式「${format}」はありません。`,
      `${[...Object.keys(formats), 'text'].join('、')} から選んでください。`,
    );
  }
  const number = asNumber(value, path);
  if (!Number.isFinite(number)) {
    throw new UserError(`${path} は有限の数ではありません。`, '記録を確かめてください。');
  }
  return show(number);
}

/** 目印が指す、記録の中の場所。 */
interface Reference {
  readonly chapter: Chapter;
  readonly run: string;
  /** 実行の名前が書いてあったか。省いてあれば、ふだんの実行です。 */
  readonly runNamed: boolean;
  readonly name: string;
}

/** 章の記録とプログラムを、一度だけ読みます。 */
class Sources {
  readonly #root: string;
  readonly #chapters: readonly Chapter[];
  readonly #cache = new Map<string, Promise<unknown>>();

  constructor(root: string, chapters: readonly Chapter[]) {
    this.#root = root;
    this.#chapters = chapters;
  }

  /** `[章/][実行:]名前` を分けます。章を省けるのは、章の README の中だけです。 */
  locate(reference: string, own: Chapter | undefined): Reference {
    const { wanted, run, name } = /^(?:(?<wanted>[^/]*)\/)?(?:(?<run>[^:]*):)?(?<name>.*)$/.exec(
      reference,
    )!.groups as {
      wanted?: string;
      run?: string;
      name: string;
    };
    const chapter =
      wanted === undefined
        ? own
        : this.#chapters.find((candidate) => candidate.name === wanted || candidate.id === wanted);
    if (chapter !== undefined) {
      return { chapter, run: run ?? defaultRun, runNamed: run !== undefined, name };
    }
    if (wanted === undefined) {
      throw new UserError(
        `「${reference}」がどの章のものか分かりません。`,
        `01-fully-connected/${reference} のように、章の名前からはじめてください。`,
      );
    }
    throw new UserError(
      `章「${wanted}」はありません。`,
      `${this.#chapters.map((candidate) => candidate.name).join('、')} から選んでください。`,
    );
  }

  plan(chapter: Chapter): Promise<RecordPlan> {
    return this.#once(`plan ${chapter.name}`, () => readRecordPlan(chapter, this.#chapters));
  }

  async run(chapter: Chapter, run: string): Promise<RecordedRun> {
    const recorded = await this.#once(`run ${chapter.name} ${run}`, () =>
      readRecordedRun(chapter, run),
    );
    if (recorded !== undefined) return recorded;
    const { optional } = await this.plan(chapter);
    const machine = optional.has(run) ? '特別な機械(GPU など)を使い、' : '';
    throw new UserError(
      `${chapter.name} の実行「${run}」は、記録がありません。`,
      `${machine}npm run record -- ${chapter.id} ${run} で記録してください。`,
    );
  }

  regions(path: string, shown: string): Promise<ReturnType<typeof findRegions>> {
    return this.#once(`regions ${path}`, async () => {
      if (relative(this.#root, path).startsWith('..') || !(await fileExists(path))) {
        throw new UserError(
          `ファイル ${shown} がありません。`,
          'README から見た、リポジトリの中のパスを書いてください。',
        );
      }
      return findRegions(await readText(path));
    });
  }

  #once<T>(key: string, load: () => Promise<T>): Promise<T> {
    const cached = this.#cache.get(key) as Promise<T> | undefined;
    if (cached !== undefined) return cached;
    const loading = load();
    this.#cache.set(key, loading);
    return loading;
  }
}
