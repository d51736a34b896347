import { spawn } from 'node:child_process';
import { chmod, cp, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import {
  environment,
  fileExists,
  listFiles,
  makeTempDir,
  removePath,
  renamePath,
  UserError,
  writeFileAtomic,
} from '#platform';
import type { Chapter } from './chapters.ts';
import {
  comparisonFile,
  drawComparison,
  hashReads,
  keptFigures,
  readRecordedRun,
  readRun,
  recordedFigureFile,
  recordedFolder,
  type RecordedRun,
} from './recordedRun.ts';
import type { RecordPlan } from './recordPlan.ts';
import { sourceHash } from './sourceHash.ts';

/**
 * 章のプログラムを一度動かし、その結果を recorded フォルダーに入れます。
 * プログラムが失敗したときは、前の記録に手をつけません。
 *
 * @param root - リポジトリのいちばん上。
 * @param chapter - 章。
 * @param plan - 章の record.json。
 * @param run - 実行の名前。
 * @throws UserError プログラムが失敗したとき、または CIFAR-10 でないデータで動いたとき。
 */
export async function recordRun(
  root: string,
  chapter: Chapter & { program: string },
  plan: RecordPlan,
  run: string,
): Promise<void> {
  const args = plan.runs[run]!;
  const output = await makeTempDir(join(root, 'outputs', 'record'));
  try {
    const reads = await hashReads(chapter, plan.reads[run] ?? []);
    await runProgram(root, chapter.program, [...args, '--output', output]);
    const result = await readRun(join(output, 'run.json'));
    refuseSubstituteData(result, args);
    await store(root, chapter, plan, run, { result, reads, output });
  } finally {
    await removePath(output);
  }
}

function runProgram(root: string, program: string, args: readonly string[]): Promise<void> {
  // 色の記号や、端末に描いた画像が記録に混ざらないように、色を止めます
  const env: NodeJS.ProcessEnv = { ...process.env, NO_COLOR: '1' };
  delete env.FORCE_COLOR;
  const child = spawn(process.execPath, ['--import', 'tsx', program, ...args], {
    cwd: root,
    env,
    stdio: 'inherit',
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve();
      else {
        reject(
          new UserError(
            `章のプログラムが失敗しました(${signal ?? `終了コード ${code ?? '不明'}`})。`,
            '前の記録はそのままです。上のエラーを直してから、もう一度記録してください。',
          ),
        );
      }
    });
  });
}

function refuseSubstituteData(result: RecordedRun, args: readonly string[]): void {
  if (result.data.name === 'cifar10' || args.some((arg) => arg.includes(result.data.name))) return;
  throw new UserError(
    `CIFAR-10 ではなく ${result.data.name} で学習したので、記録しませんでした。`,
    'CIFAR10_DIR に CIFAR-10 のフォルダーを指定してから、もう一度記録してください。',
  );
}

/** 終わった実行。 */
interface Finished {
  readonly result: RecordedRun;
  readonly reads: Readonly<Record<string, string | null>>;
  /** プログラムが図などを置いたフォルダー。 */
  readonly output: string;
}

async function store(
  root: string,
  chapter: Chapter & { program: string },
  plan: RecordPlan,
  run: string,
  { result, reads, output }: Finished,
): Promise<void> {
  const figures = keptFigures(plan, run, result);
  const shown = `outputs/${chapter.name}`;
  const dataFolder = environment('CIFAR10_DIR');
  const record = {
    ...withoutPaths(result, [
      [output, shown],
      [relative(root, output), shown],
      ...(dataFolder === undefined ? [] : [[dataFolder, '$CIFAR10_DIR'] as const]),
      [root, '.'],
      [homedir(), '~'],
    ]),
    args: plan.runs[run]!,
    figures: figures.map((figure) => ({ ...figure, file: recordedFigureFile(run, figure) })),
    sourceHash: await sourceHash(root, chapter.program),
    ...(Object.keys(reads).length > 0 ? { reads } : {}),
  };
  const previous = await readRecordedRun(chapter, run);
  await changeFolder(join(chapter.directory, recordedFolder), async (folder) => {
    for (const { file } of previous?.figures ?? []) await removePath(join(folder, file));
    for (const figure of figures) {
      const text = await readFile(join(output, figure.file));
      await writeFile(join(folder, recordedFigureFile(run, figure)), text);
    }
    await writeFile(join(folder, `${run}.json`), formatJson(record));
  });
}

/** 読みやすい JSON にします。数の並びは1行にまとめ、記録しなおしたときの差分を短くします。 */
function formatJson(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  // JSON の文字列の中に改行そのものは現れないので、並びだけに当たります
  const short = text.replace(/\[\n\s*([-\d.e+,\s]+?)\n\s*\]/g, (_, numbers: string) => {
    return `[${numbers.replace(/\s+/g, ' ')}]`;
  });
  return `${short}\n`;
}

/**
 * フォルダーの写しを書きかえてから、もとと取りかえます。途中で失敗しても、もとは変わりません。
 */
async function changeFolder(
  folder: string,
  change: (copy: string) => Promise<void>,
): Promise<void> {
  const copy = await makeTempDir(join(folder, '..'));
  const old = `${copy}-old`;
  try {
    const exists = await fileExists(folder);
    if (exists) await cp(folder, copy, { recursive: true });
    await chmod(copy, 0o755); // 仮のフォルダーは、ほかの人から読めないためです
    await change(copy);
    if (exists) await renamePath(folder, old);
    try {
      await renamePath(copy, folder);
    } catch (error) {
      if (exists) await renamePath(old, folder);
      throw error;
    }
  } finally {
    await removePath(copy);
    await removePath(old);
  }
}

/**
 * 記録の中の文字列から、この機械だけのパスと、端末のための記号を取りのぞきます。
 */
function withoutPaths<T>(value: T, paths: readonly (readonly [from: string, to: string])[]): T {
  const text = JSON.stringify(value, (_, entry: unknown) => {
    if (typeof entry !== 'string') return entry;
    let result = stripVTControlCharacters(entry);
    for (const [from, to] of paths) {
      // Windows では、同じパスが `\` でも `/` でも書かれます
      for (const spelling of new Set([from, from.split(sep).join('/')])) {
        result = result.replaceAll(spelling, to);
      }
    }
    return result;
  });
  return JSON.parse(text) as T;
}

/**
 * 記録する実行を選びます。順は、頼まれた順ではなく record.json の順です。前の実行の記録を引用する実行があるためです。
 *
 * @param chapter - 章。
 * @param plan - 章の record.json。
 * @param wanted - 頼まれた実行。空なら、特別な機械の要らないものすべて。
 * @returns 記録する実行の名前。
 * @throws UserError 知らない実行が頼まれたとき。
 */
export function selectRuns(
  chapter: Chapter,
  plan: RecordPlan,
  wanted: readonly string[],
): readonly string[] {
  const names = Object.keys(plan.runs);
  const unknown = wanted.find((run) => !names.includes(run));
  if (unknown !== undefined) {
    throw new UserError(
      `実行「${unknown}」は ${chapter.name}/record.json にありません。`,
      `${names.join('、')} から選んでください。省くと${plan.optional.size > 0 ? `、${[...plan.optional].join('、')} のほかの` : ''}全部を記録します。`,
    );
  }
  return names.filter((run) =>
    wanted.length > 0 ? wanted.includes(run) : !plan.optional.has(run),
  );
}

/**
 * 記録がそろっている比べる図を描きなおします。
 *
 * @param chapter - 章。
 * @param plan - 章の record.json。
 * @returns 中身が変わった図の名前。
 * @throws UserError 記録に、比べる値がないとき。
 */
export async function refreshComparisons(chapter: Chapter, plan: RecordPlan): Promise<string[]> {
  const changed: string[] = [];
  for (const { name, path, svg } of await drawComparisons(chapter, plan)) {
    if ((await fileExists(path)) && (await readFile(path, 'utf8')) === svg) continue;
    await writeFileAtomic(path, svg);
    changed.push(name);
  }
  return changed;
}

/** 比べる図ひとつの、あるべき中身。 */
interface DrawnComparison {
  readonly name: string;
  readonly path: string;
  readonly svg: string;
}

/**
 * 記録がそろっている比べる図の、あるべき中身を求めます。
 *
 * @param chapter - 章。
 * @param plan - 章の record.json。
 * @returns 図の名前、置き場所、SVG。
 * @throws UserError 記録に、比べる値がないとき。
 */
export async function drawComparisons(
  chapter: Chapter,
  plan: RecordPlan,
): Promise<DrawnComparison[]> {
  const drawn: DrawnComparison[] = [];
  for (const [name, comparison] of Object.entries(plan.comparisons)) {
    const runs: RecordedRun[] = [];
    for (const line of comparison.lines) {
      const recorded = await readRecordedRun(line.chapter, line.run);
      if (recorded !== undefined) runs.push(recorded);
    }
    if (runs.length < comparison.lines.length) continue;
    const path = join(chapter.directory, recordedFolder, comparisonFile(name));
    drawn.push({ name, path, svg: drawComparison(comparison, runs) });
  }
  return drawn;
}

/**
 * recorded フォルダーの中の、どの実行のものでもないファイルを探します。
 *
 * @param chapter - 章。
 * @param plan - 章の record.json。
 * @returns 余っている名前。
 */
export async function leftoverFiles(chapter: Chapter, plan: RecordPlan): Promise<string[]> {
  const expected = new Set(Object.keys(plan.comparisons).map(comparisonFile));
  for (const run of Object.keys(plan.runs)) {
    expected.add(`${run}.json`);
    for (const { file } of (await readRecordedRun(chapter, run))?.figures ?? []) expected.add(file);
  }
  const present = await listFiles(join(chapter.directory, recordedFolder));
  return present.filter((file) => !expected.has(file));
}
