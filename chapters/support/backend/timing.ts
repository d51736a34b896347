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

/** 測る量。 */
export interface TimingLimits {
  /** はじめに数えないステップ数(メモリーの確保や、GPU 用の命令の翻訳で遅いため)。 */
  warmUp: number;
  /** はじめに数えない時間(ミリ秒)。速い計算では、この間に機械語への翻訳(JIT)が終わります。 */
  warmUpTime: number;
  /** 遅くても、これだけは測るステップ数。 */
  minSteps: number;
  /** 速くても、これだけで終えるステップ数。 */
  maxSteps: number;
  /** 測る時間の目安(ミリ秒)。 */
  timeLimit: number;
  /** 準備も含めてこれより長くかかったら、ステップ数が足りなくても切り上げます(ミリ秒)。省くと切り上げません。 */
  giveUpAfter?: number;
}

/** 測った1ステップの時間(ミリ秒)。 */
export interface StepTimes {
  /** いちばん速かったもの。 */
  fastest: number;
  /** 下から 4 分の 1 の値。 */
  low: number;
  /** 中央値。 */
  median: number;
  /** 上から 4 分の 1 の値。 */
  high: number;
}

// 選ぶだけなら、1つの仕組みに 0.3 秒で足ります。大きなバッチでは1ステップに何十秒もかかるので、見当だけつけます
const quickLook: TimingLimits = {
  ...{ warmUp: 3, warmUpTime: 0 },
  ...{ minSteps: 3, maxSteps: 15, timeLimit: 300, giveUpAfter: 3000 },
};

// #region step
/**
 * 今の仕組みでネットワークを数ステップ学習し、1ステップの時間を測ります。
 *
 * @param probe - 測るネットワーク、バッチサイズ、最適化手法。
 * @param limits - 測る量。
 * @returns 中央値、四分位数、いちばん速かったもの(ミリ秒)。
 */
export async function timeTrainingStep(
  { build, batchSize, optimizer: optimizerName }: Omit<EngineProbe, 'name'>,
  limits: TimingLimits = quickLook,
): Promise<StepTimes> {
  const network = build();
  const optimizer = createOptimizer(optimizerName, { learningRate: 0.001 });
  const [, ...imageShape] = network.inputs[0]!.shape as [null, ...number[]]; // [H, W, C]
  const numClasses = network.outputs[0]!.shape.at(-1) ?? 1;
  const size = batchSize * tf.util.sizeFromShape(imageShape);
  // 時間は画素の値によらないので、決まった式で作った画像を使う
  const pixels = Float32Array.from({ length: size }, (_, i) => Math.sin(i));
  const answers = Int32Array.from({ length: batchSize }, (_, i) => i % numClasses);
  const times: number[] = [];
  const began = now();
  let spent = 0;
  for (let step = 0; times.length < limits.maxSteps; step++) {
    const started = now();
    const images = tf.tensor(pixels, [batchSize, ...imageShape]); // 毎回、新しいミニバッチを送る
    const labels = tf.tensor1d(answers, 'int32');
    const { value: loss, grads } = tf.variableGrads(() =>
      crossEntropy(labels, network.apply(images, { training: true }) as tf.Tensor2D),
    );
    optimizer.applyGradients(grads);
    await loss.data(); // 頼んだ計算がすべて終わるのを待ってから、
    const finished = now(); // 時計を読む
    tf.dispose([images, labels, loss, grads]);
    throwIfDeviceFailed();
    const total = finished - began;
    const tooLong = total > (limits.giveUpAfter ?? Infinity);
    if (!tooLong && (step < limits.warmUp || total < limits.warmUpTime)) continue; // 準備運動
    times.push(finished - started);
    spent += finished - started;
    if (tooLong || (times.length >= limits.minSteps && spent > limits.timeLimit)) break;
  }
  optimizer.dispose();
  network.dispose();
  return {
    fastest: Math.min(...times),
    low: quantile(times, 0.25),
    median: quantile(times, 0.5),
    high: quantile(times, 0.75),
  };
}
// #endregion

/**
 * 小さい順に並べたとき、下から share の割合のところにある値です。
 *
 * @param values - 値。1つ以上。
 * @param share - 0 から 1。0.5 なら中央値、0.25 と 0.75 なら四分位数です。
 * @returns その値。2つの値の間にあたるときは、その間を比例で分けた値です。
 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)]!;
  const above = sorted[Math.ceil(place)]!;
  return below + (place - Math.floor(place)) * (above - below);
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
