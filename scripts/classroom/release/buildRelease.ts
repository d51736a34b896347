import { basename, dirname, resolve } from 'node:path';
import { InterruptedError, makeTempDir, removePath, UserError } from '#platform';
import { loadExercises, type Exercise } from '../../grading/exercises.ts';
import { selectExercises } from '../../grading/select.ts';
import type { Problem } from '../../problems.ts';
import { buildAnswerlessSite } from './answerlessSite.ts';
import { checkHistory, checkRelease } from './checks.ts';
import { makeContents, sealRelease, type ReleaseSettings } from './contents.ts';
import { checkInstall, fitLock } from './installCheck.ts';
import { commitTree, inspectTarget, swapIn, writeTree, type Committed } from './publish.ts';
import type { ReleaseFiles } from './releaseFile.ts';
import { listStudentFiles } from './studentFiles.ts';
import { writeZip } from './zipFile.ts';

/** 学習者の版の作り方。 */
export interface ReleaseRequest {
  /** 教材のいちばん上。 */
  readonly root: string;
  /** 置き場所。 */
  readonly out: string;
  /** 選ぶ演習。`npm test` と同じ書き方です。空なら、すべて。 */
  readonly queries: readonly string[];
  readonly settings: ReleaseSettings;
  /** git のリポジトリにするか。 */
  readonly git: boolean;
  /** package-lock.json を合わせるか。 */
  readonly lock: boolean;
  /** パッケージを入れて試すか。 */
  readonly install: boolean;
  /** zip の場所。 */
  readonly zip?: string;
  readonly signal: AbortSignal;
  /** 段階が変わるたびに呼ばれます。 */
  readonly onStep?: (step: number, label: string) => void;
  /** 検査の前に、配るファイルを変えます(検査のテストのため)。 */
  readonly alter?: (files: Map<string, Buffer>) => void;
}

/** 段階の数({@link ReleaseRequest.onStep} の step の終わり)。 */
export const releaseSteps = 10;

/** できた学習者の版。 */
export interface BuiltRelease {
  /** 直すところ。ひとつでもあれば、置き場所は前のままです。 */
  readonly faults: readonly Problem[];
  /** 先生への知らせ(日本語の文)。 */
  readonly notes: readonly string[];
  readonly files: ReleaseFiles;
  readonly exercises: readonly Exercise[];
  readonly committed: Committed | undefined;
}

/**
 * 学習者の版を作り、調べてから置きます。置き場所の隣で作り終えてから入れかえるので、途中で止めても前のものが残ります。
 *
 * @param request - 作り方。
 * @returns できたもの。
 * @throws UserError 置き場所にほかのものがある、パッケージを入れて試すと失敗する、など。
 */
export async function buildRelease(request: ReleaseRequest): Promise<BuiltRelease> {
  const { root, settings, signal } = request;
  const out = resolve(request.out);
  const step = (at: number, label: string): void => {
    if (signal.aborted) throw new InterruptedError('配る版は、前のままです。');
    request.onStep?.(at, label);
  };
  const previous = await inspectTarget(out);
  step(0, '演習とファイルを選んでいます');
  const all = await loadExercises(root);
  const { exercises, student, notes } = await choose(root, all, request.queries);
  const parent = await makeTempDir(dirname(out));
  const folder = `${parent}/${basename(out)}`;
  try {
    const contents = await makeContents(root, exercises, student, settings);
    if (settings.withSite) {
      step(1, 'サイトを作っています');
      for (const [path, bytes] of await buildAnswerlessSite(root, contents, exercises, parent)) {
        contents.set(path, bytes);
      }
    }
    request.alter?.(contents);
    step(2, 'ファイルを書いています');
    await writeTree(folder, contents);
    if (request.lock) {
      step(3, 'パッケージの一覧を合わせています');
      const lock = await fitLock(folder, signal);
      if (lock === undefined) {
        throw new UserError(
          '学習者の版の package-lock.json を作れませんでした。',
          'npm ci が動くかと、ネットワークを確かめてください。',
        );
      }
      contents.set('package-lock.json', lock);
    }
    const { files } = sealRelease(contents, exercises, settings);
    await writeTree(folder, files);
    step(4, '答えが入っていないかを調べています');
    const checked = await checkRelease(root, all, exercises, files, folder);
    notes.push(...checked.notes);
    const failed = (faults: readonly Problem[]): BuiltRelease => ({
      ...{ faults, notes, files, exercises, committed: undefined },
    });
    if (checked.faults.length > 0) return failed(checked.faults);
    if (request.install) {
      const labels = [
        'npm ci を試しています',
        'npm test を試しています',
        'npm test -- --strict を試しています',
        '解答を置いて試しています',
        '置いています',
      ];
      await checkInstall(root, files, exercises, signal, (at) => {
        step(5 + at, labels[at]!);
      });
    }
    const committed = request.git
      ? await commitTree(folder, out, previous, settings.date)
      : undefined;
    if (committed === 'committed' || committed === 'unchanged') {
      const faults = await checkHistory(folder, files);
      if (faults.length > 0) return failed(faults);
    }
    step(9, '置いています');
    await swapIn(folder, out, previous);
    if (request.zip !== undefined) await writeZip(resolve(request.zip), basename(out), files);
    return { faults: [], notes, files, exercises, committed };
  } finally {
    await removePath(parent);
  }
}

/** 演習を選びます。選んだものが使う、ほかの演習も加えます。 */
async function choose(
  root: string,
  all: readonly Exercise[],
  queries: readonly string[],
): Promise<{
  exercises: Exercise[];
  student: Awaited<ReturnType<typeof listStudentFiles>>;
  notes: string[];
}> {
  const picked = selectExercises(all, queries);
  const { uses } = await listStudentFiles(root, all);
  const ids = new Set(picked.map(({ id }) => id));
  const notes: string[] = [];
  for (const id of ids) {
    const added = (uses.get(id) ?? []).filter((one) => !ids.has(one));
    if (added.length === 0) continue;
    notes.push(`演習 ${id} が使うので、${added.join('、')} も加えました。`);
    for (const one of added) ids.add(one);
  }
  const exercises = all.filter(({ id }) => ids.has(id));
  return { exercises, student: await listStudentFiles(root, exercises), notes };
}
