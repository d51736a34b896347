import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { bundleExercise } from './bundle.ts';
import type { Exercise } from './exercises.ts';
import { hashOfFile } from './integrity.ts';
import { judgeFault, judgeOutcome, untouched, type Verdict } from './judge.ts';
import type { WorkerPool } from './pool.ts';
import type { ExerciseResult } from './results.ts';

/** 演習ひとつの採点。 */
export interface Graded {
  readonly result: ExerciseResult;
  /** 学習者のプログラムが出した文字。 */
  readonly output: string;
}

/** {@link gradeExercises} に渡すもの。 */
export interface GradingRequest {
  /** リポジトリのいちばん上。 */
  readonly root: string;
  readonly exercises: readonly Exercise[];
  readonly pool: WorkerPool;
  readonly signal: AbortSignal;
  /** 一つ終わるたびに呼ばれます。 */
  readonly onGraded?: (graded: Graded) => void;
}

const tensorPackage = '@tensorflow/tfjs';
/** ふつうの演習が使うパッケージ。 */
export const plainPackages: readonly string[] = ['fast-check'];
/** テンソルを使う演習が使うパッケージ。 */
export const tensorPackages: readonly string[] = ['fast-check', tensorPackage];

/**
 * 演習を採点します。コアの数だけ、並べて動かします。
 *
 * @param request - 何を採点するか。
 * @returns 演習ごとの採点。頼まれた順です。
 * @throws InterruptedError 合図で止めたとき。
 */
export async function gradeExercises(request: GradingRequest): Promise<Graded[]> {
  const { exercises, onGraded } = request;
  const graded = new Array<Graded>(exercises.length);
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < exercises.length) {
      const index = next++;
      const one = await gradeExercise(request, exercises[index]!);
      graded[index] = one;
      onGraded?.(one);
    }
  };
  const lanes = Math.min(exercises.length, Math.max(1, availableParallelism()), 8);
  await Promise.all(Array.from({ length: lanes }, work));
  return graded;
}

/**
 * 演習をひとつ採点します。手つかずのものは動かしません。
 *
 * @param request - 採点のしかた。
 * @param exercise - 演習。
 * @returns 採点。
 * @throws InterruptedError 合図で止めたとき。
 */
export async function gradeExercise(
  { root, pool, signal }: Omit<GradingRequest, 'exercises'>,
  exercise: Exercise,
): Promise<Graded> {
  const hash = await hashOfFile(join(root, exercise.stub));
  const specHash = await hashOfFile(join(root, exercise.spec));
  const { id, title, chapter, stub: file, stars, minutes } = exercise;
  const common = {
    ...{ id, title, chapter, file, stars, minutes },
    specChanged: specHash !== undefined && specHash !== exercise.hashes.spec,
    hash: hash ?? null,
  };
  const finish = (verdict: Verdict, output = ''): Graded => ({
    result: { ...common, ...verdict },
    output,
  });
  if (hash === undefined) {
    const text = `${file} がありません。npm run reset -- ${id} で、もとのファイルを作れます。`;
    return finish(judgeFault({ kind: 'missingFile', text }, exercise));
  }
  if (hash === exercise.hashes.stub) return finish(untouched);
  if (specHash === undefined) {
    const text = `採点の仕様 ${exercise.spec} がないので、採点できません。git restore ${exercise.spec} で戻してください。`;
    return finish(judgeFault({ kind: 'missingFile', text }, exercise));
  }
  const bundled = await bundleExercise(root, exercise);
  if ('fault' in bundled) return finish(judgeFault(bundled.fault, exercise));
  const { bundle } = bundled;
  const packages = bundle.packages.includes(tensorPackage) ? tensorPackages : plainPackages;
  const outcome = await pool.run(bundle, packages, signal);
  return finish(judgeOutcome(outcome, exercise, bundle), outcome.output);
}
