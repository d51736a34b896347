import * as tf from '@tensorflow/tfjs';
import {
  describeMachine,
  fileExists,
  installedVersion,
  joinPath,
  now,
  projectRoot,
  readText,
  writeFileAtomic,
} from '#platform';
import { crossEntropy } from '../losses.ts';
import { createOptimizer, type OptimizerName } from '../optimizers.ts';
import type { Engine } from './engines.ts';
import { throwIfDeviceFailed } from './failures.ts';

/** 速さを比べるのに使う、章のネットワーク。 */
export interface EngineProbe {
  /** ネットワークの名前。覚えた結果の見出しになります。 */
  readonly name: string;
  /** 学習で使うバッチサイズ。 */
  readonly batchSize: number;
  /** 学習で使う最適化手法。 */
  readonly optimizer: OptimizerName;
  /** 章のネットワークを作ります。入力の形 `[null, H, W, C]` と出力の形 `[null, K]` は、できたものから読みとります。 */
  readonly build: () => tf.LayersModel;
}

const minSteps = 3;
const slowdown = 10; // 時間の上限の何倍かかったら、途中でも切り上げるか
// はじめの数回(warmUp)は、準備(コンパイル、メモリーの確保)で遅いので数えません。
// 選ぶだけなら、1つの仕組みに 0.3 秒で足ります
const quickLook: TimingLimits = { warmUp: 3, steps: 15, timeLimit: 300 };

/** 測る量。 */
export interface TimingLimits {
  /** はじめに数えないステップ数。 */
  warmUp: number;
  /** 測るステップ数。 */
  steps: number;
  /** 時間の上限(ミリ秒)。 */
  timeLimit: number;
}

/**
 * 今の仕組みで、章のネットワークを数ステップ学習し、1ステップの時間を測ります。
 *
 * @param probe - 章のネットワーク。
 * @param limits - 測る量。
 * @returns 1ステップのミリ秒。中央値と、いちばん速かったもの。
 */
export async function timeTrainingStep(
  probe: EngineProbe,
  limits: TimingLimits = quickLook,
): Promise<{ median: number; fastest: number }> {
  const model = probe.build();
  const optimizer = createOptimizer(probe.optimizer, { learningRate: 0.001 });
  const [, ...inputShape] = model.inputs[0]!.shape as [null, ...number[]];
  const numClasses = model.outputs[0]!.shape.at(-1) ?? 1;
  const pixels = Float32Array.from(
    { length: probe.batchSize * tf.util.sizeFromShape(inputShape) },
    (_, i) => Math.sin(i),
  );
  const labels = Int32Array.from({ length: probe.batchSize }, (_, i) => i % numClasses);
  const times: number[] = [];
  const started = now();
  for (let step = 0; times.length < limits.steps; step++) {
    const before = now();
    const loss = tf.tidy(() => {
      const x = tf.tensor(pixels, [probe.batchSize, ...inputShape]);
      const y = tf.tensor1d(labels, 'int32');
      const logits = (): tf.Tensor2D => model.apply(x, { training: true }) as tf.Tensor2D;
      return optimizer.minimize(() => crossEntropy(y, logits()), true)!;
    });
    await loss.data(); // 計算が本当に終わるのを待ってから、時計を読みます
    loss.dispose();
    throwIfDeviceFailed();
    const elapsed = now() - started;
    // 大きなバッチでは1ステップに何十秒もかかるので、はじめの1回だけで見当をつけます
    const slow = elapsed > slowdown * limits.timeLimit;
    if (step >= limits.warmUp || slow) times.push(now() - before);
    if (slow || (times.length >= minSteps && elapsed > limits.timeLimit)) break;
  }
  optimizer.dispose();
  model.dispose();
  times.sort((a, b) => a - b);
  return { median: times[Math.floor(times.length / 2)]!, fastest: times[0]! };
}

const memoPath = joinPath(projectRoot, '.cache', 'engines.json');

/**
 * 測った結果を覚えるときの見出しです。機械、版、ネットワークのどれかが変われば、測り直します。
 *
 * @param probe - 章のネットワーク。
 * @param candidates - 比べる仕組み。
 * @returns 見出し。
 */
export function memoKey(probe: EngineProbe, candidates: readonly Engine[]): string {
  const { cpu, cores, platform, runtime } = describeMachine();
  const versions = candidates.flatMap(({ packages }) =>
    packages.map((name) => `${name}@${installedVersion(name) ?? '-'}`),
  );
  return [
    cpu,
    cores,
    platform,
    runtime,
    ...versions,
    probe.name,
    probe.optimizer,
    probe.batchSize,
  ].join(' | ');
}

async function readMemo(): Promise<Record<string, unknown>> {
  if (!(await fileExists(memoPath))) return {};
  try {
    return asRecord(JSON.parse(await readText(memoPath)));
  } catch {
    return {}; // 壊れていたら、測り直せばよいだけです
  }
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/**
 * 前に測った結果を思い出します。
 *
 * @param key - {@link memoKey} の見出し。
 * @returns 仕組みの名前から、1ステップのミリ秒へ。覚えていなければ空です。
 */
export async function recallTimings(key: string): Promise<Record<string, number>> {
  const timings: Record<string, number> = {};
  for (const [engine, time] of Object.entries(asRecord((await readMemo())[key]))) {
    if (typeof time === 'number' && time > 0) timings[engine] = time;
  }
  return timings;
}

/**
 * 測った結果を覚えます。書けなくても、次に測り直すだけなので失敗にはしません。
 *
 * @param key - {@link memoKey} の見出し。
 * @param timings - 仕組みの名前から、1ステップのミリ秒へ。
 */
export async function rememberTimings(key: string, timings: Record<string, number>): Promise<void> {
  try {
    const memo = { ...(await readMemo()), [key]: timings };
    await writeFileAtomic(memoPath, JSON.stringify(memo, null, 2));
  } catch {
    // 読むだけの場所で動かしていても、学習はできます
  }
}
