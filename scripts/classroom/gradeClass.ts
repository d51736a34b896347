import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { environment, errorCode, listFiles, removePath } from '#platform';
import { cacheFolder } from '../../datasets/cifar10.ts';
import { cifar10Status } from '../../datasets/index.ts';
import type { Exercise } from '../grading/exercises.ts';
import { gradeSubmission } from './gradeSubmission.ts';
import { readResult, writeResult } from './resultFiles.ts';
import { chooseSandbox, type Isolation } from './sandbox/command.ts';
import { buildSandboxPrograms, type SandboxPrograms } from './sandbox/specBundles.ts';
import { ProcessSupply } from './sandbox/supply.ts';
import type { GradedSubmission, Submission } from './types.ts';

/** {@link gradeClass} に渡すもの。 */
export interface ClassRequest {
  /** リポジトリのいちばん上。 */
  readonly root: string;
  /** 結果を書くフォルダー。 */
  readonly out: string;
  /** 採点する演習。 */
  readonly exercises: readonly Exercise[];
  /** すべての演習。 */
  readonly allExercises: readonly Exercise[];
  readonly submissions: readonly Submission[];
  /** 並べて採点する提出の数。省くと、コアの数。 */
  readonly jobs: number | undefined;
  readonly signal: AbortSignal;
  /** 閉じこめる仕組みが決まったときに呼ばれます。 */
  readonly onIsolation: (isolation: Isolation) => void;
  /** 演習が終わるたびに、終わった数と全部の数を受けとります。 */
  readonly onProgress: (done: number, total: number) => void;
}

/** {@link gradeClass} の結果。 */
export interface GradedClass {
  /** 結果。提出の順です。 */
  readonly graded: readonly GradedSubmission[];
  /** 前と中身が同じなので、採点しなかった提出の数。 */
  readonly reused: number;
}

/**
 * クラスのすべての提出を採点し、終わったものから `results` に書きます。途中で止めても、書いたものは次に使います。
 *
 * 提出されたファイルと採点の中身が前と同じなら、採点し直しません。
 *
 * @param request - 採点のしかた。
 * @returns 結果。
 * @throws InterruptedError 合図で止めたとき。終わった提出の結果は、残っています。
 */
export async function gradeClass(request: ClassRequest): Promise<GradedClass> {
  const { root, exercises, allExercises, submissions, signal } = request;
  await removeLeftovers(join(root, '.cache'));
  const folder = join(root, '.cache', `class-${process.pid}`);
  const programs = await buildSandboxPrograms(root, exercises, folder);
  try {
    const data = await findImages();
    const sandbox = await chooseSandbox({
      readable: [
        ...[folder, join(root, 'node_modules')],
        join(root, 'chapters', 'support', 'kernels', 'built'),
        ...data.folders,
      ],
      environment: data.environment,
    });
    request.onIsolation(sandbox.isolation);
    const supply = new ProcessSupply(sandbox, programs);
    const total = submissions.length * exercises.length;
    let done = 0;
    let reused = 0;
    try {
      const graded = await inParallel(submissions, request.jobs, async (submission) => {
        const key = keyOf(submission, exercises, programs, data.name);
        const before = await readResult(request.out, submission.student.id);
        if (before?.key === key) {
          reused++;
          done += exercises.length;
          request.onProgress(done, total);
          return writeResult(request.out, describedAs(before, submission));
        }
        const one = await gradeSubmission({
          ...{ root, exercises, allExercises, submission, key, programs, supply, signal },
          onExercise: () => {
            request.onProgress(++done, total);
          },
        });
        return writeResult(request.out, one);
      });
      return { graded, reused };
    } finally {
      supply.close();
    }
  } finally {
    await removePath(folder);
  }
}

/** 前に強制終了された採点の残りを消します。今も動いている採点のものには触りません。 */
async function removeLeftovers(cache: string): Promise<void> {
  for (const name of await listFiles(cache)) {
    const pid = Number(/^class-(\d+)$/.exec(name)?.[1]);
    if (!Number.isNaN(pid) && !isRunning(pid)) await removePath(join(cache, name));
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

/** 一つが失敗したら、新しいものは始めません。始めたものは、終わるのを待ってから、その失敗を知らせます。 */
async function inParallel<T, R>(
  items: readonly T[],
  jobs: number | undefined,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  const failures: unknown[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < items.length && failures.length === 0) {
      const index = next++;
      try {
        results[index] = await work(items[index]!);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: jobs ?? availableParallelism() }, lane));
  if (failures.length > 0) throw failures[0];
  return results;
}

interface Images {
  /** 実験の演習が使うデータ。 */
  readonly name: string;
  readonly folders: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** 実験の演習は、手もとに CIFAR-10 があれば使います。なければ、内蔵の図形を使います。 */
async function findImages(): Promise<Images> {
  const { ready } = await cifar10Status();
  if (!ready) return { name: 'shapes10', folders: [], environment: {} };
  const folder = environment('CIFAR10_DIR');
  return folder === undefined
    ? { name: 'cifar10', folders: [cacheFolder], environment: {} }
    : { name: 'cifar10', folders: [folder], environment: { CIFAR10_DIR: folder } };
}

/** 提出の中身と採点のしかたが同じなら、同じになる印です。 */
function keyOf(
  { answers }: Submission,
  exercises: readonly Exercise[],
  programs: SandboxPrograms,
  data: string,
): string {
  const facts = {
    answers: [...answers].sort(([a], [b]) => (a < b ? -1 : 1)),
    exercises: exercises.map(({ id }) => id),
    programs: programs.contents,
    data,
  };
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex');
}

/** 氏名や知らせは、今回のものにします。採点の結果だけを、前のものから使います。 */
function describedAs(before: GradedSubmission, submission: Submission): GradedSubmission {
  const { student, source, submittedAt, notes } = submission;
  const { submittedAt: old, ...rest } = before;
  const at = submittedAt ?? old;
  return {
    ...rest,
    ...{ student, source, notes: [...notes] },
    ...(at !== undefined && { submittedAt: at }),
  };
}
