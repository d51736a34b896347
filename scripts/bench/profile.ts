import * as tf from '@tensorflow/tfjs';
import { now, padDisplay } from '#platform';
import type { EngineProbe } from '../../chapters/support/backend/index.ts';
import { crossEntropy } from '../../chapters/support/losses.ts';
import { createOptimizer } from '../../chapters/support/optimizers.ts';
import { transform } from '../../chapters/support/trainingSetup.ts';
import { createDataLoader, type ImageDataset } from '../../datasets/index.ts';
import { Stopwatch, type StepTimes } from './stopwatch.ts';

/** 1ステップのうちの、ひとつの部分。 */
export interface ProfilePart {
  readonly name: string;
  /** 1ステップあたりの時間(ミリ秒)。 */
  readonly ms: number;
  /** 数えたカーネルの名前と、1ステップで動いた回数。カーネルでない部分では空です。 */
  readonly kernels: readonly string[];
}

/** 1ステップの内訳。 */
export interface StepProfile {
  /** 1ステップの時間(ミリ秒)。 */
  readonly total: number;
  /** 部分。長い順で、最後は「その他」です。足すと total になります。 */
  readonly parts: readonly ProfilePart[];
}

const loaderPart = 'データローダー';
const optimizerPart = '最適化手法(重みの更新)';
const waitingPart = '結果を待つ(損失の読み出し)';
const restPart = 'その他(JavaScript の手間)';
const otherKernels = 'ほかのカーネル';

// 学習用カーネルのある wasm と、ほかの仕組みとでは、同じ計算でもカーネルの名前が違います
const partOfKernel: Readonly<Record<string, string>> = {
  ...named('行列の積(全結合)', ['LeanDense', '_FusedMatMul', 'BatchMatMul']),
  ...named('畳み込み', ['LeanConv2D', 'FusedConv2D', 'Conv2D']),
  ...named('畳み込みの勾配(入力)', ['Conv2DBackpropInput']),
  ...named('畳み込みの勾配(フィルター)', ['Conv2DBackpropFilter']),
  ...named('最大プーリング', ['MaxPool']),
  ...named('最大プーリングの勾配', ['MaxPoolGrad']),
  ...named('活性化関数とバイアスの勾配', ['ActivationGradient', 'BiasGradient']),
  ...named('損失(交差エントロピー)', ['SparseCrossEntropy']),
};

function named(part: string, kernels: readonly string[]): Record<string, string> {
  return Object.fromEntries(kernels.map((kernel) => [kernel, part]));
}

/** 測る量。 */
export interface ProfileLimits {
  /** はじめに数えないステップ数。 */
  readonly warmUp: number;
  /** 測るステップ数。 */
  readonly steps: number;
}

/**
 * 今の仕組みで章の学習ループを動かし、1ステップの時間がどこに使われたかを測ります。
 *
 * 登録してあるカーネルを、時間を測るものに一時的に替えます。GPU では計算を頼むだけですぐ戻るので、
 * カーネルの時間は頼むのにかかった時間で、計算そのものは「結果を待つ」に入ります。
 * ほかのプログラムに邪魔されたステップの影響を除くため、時間の順に並べた真ん中の半分を平均します。
 *
 * @param probe - ネットワーク、バッチサイズ、最適化手法。
 * @param limits - 測る量。
 * @returns 内訳。
 */
export async function profileTraining(
  probe: EngineProbe,
  { warmUp, steps }: ProfileLimits,
): Promise<StepProfile> {
  const stopwatch = new Stopwatch(now);
  const counts = new Map<string, number>();
  const restore = wrapKernels(stopwatch, counts);
  const times: StepTimes[] = [];
  const network = probe.build();
  const optimizer = createOptimizer(probe.optimizer, { learningRate: 0.001 });
  const { batchSize } = probe;
  const loader = createDataLoader(syntheticImages(10_000), {
    batchSize,
    shuffle: true,
    dropLast: true,
    transform,
  });
  let batches = loader[Symbol.asyncIterator]();
  try {
    for (let step = 0; step < warmUp + steps; step++) {
      if (step === warmUp) counts.clear();
      stopwatch.startStep();
      const { images, labels } = await stopwatch.measureWhole(loaderPart, async () => {
        let next = await batches.next();
        if (next.done === true) {
          batches = loader[Symbol.asyncIterator]();
          next = await batches.next();
        }
        return next.value as { images: tf.Tensor4D; labels: tf.Tensor1D };
      });
      const { value: loss, grads } = tf.variableGrads(() =>
        crossEntropy(labels, network.apply(images, { training: true }) as tf.Tensor2D),
      );
      await stopwatch.measureWhole(optimizerPart, () => {
        optimizer.applyGradients(grads);
      });
      await stopwatch.measureWhole(waitingPart, () => loss.data());
      tf.dispose([loss, grads]);
      const measured = stopwatch.endStep();
      if (step >= warmUp) times.push(measured);
    }
  } finally {
    restore();
    await batches.return?.();
    optimizer.dispose();
    network.dispose();
  }
  return summarize(times, counts);
}

/** 今の仕組みのカーネルを、時間を測るものに替えます。もとに戻す関数を返します。 */
function wrapKernels(stopwatch: Stopwatch, counts: Map<string, number>): () => void {
  const configs = tf.getKernelsForBackend(tf.getBackend());
  const originals = configs.map(({ kernelFunc }) => kernelFunc);
  for (const config of configs) {
    const { kernelName, kernelFunc } = config;
    const part = partOfKernel[kernelName] ?? otherKernels;
    config.kernelFunc = (call) => {
      if (!stopwatch.insideWhole) counts.set(kernelName, (counts.get(kernelName) ?? 0) + 1);
      return stopwatch.measure(part, () => kernelFunc(call));
    };
  }
  return () => {
    for (const [i, config] of configs.entries()) config.kernelFunc = originals[i]!;
  };
}

/** 中身に意味のない画像です。時間は画素の値によらないので、データを取得せずに測れます。 */
function syntheticImages(size: number): ImageDataset {
  const imageShape = [32, 32, 3] as const;
  const images = new Uint8Array(size * 32 * 32 * 3);
  for (let i = 0; i < images.length; i++) images[i] = Math.imul(i, 0x9e3779b1) >>> 24;
  const labels = Uint8Array.from({ length: size }, (_, i) => i % 10);
  const classNames = Array.from({ length: 10 }, (_, label) => `クラス ${label}`);
  return { name: 'shapes10', classNames, images, labels, size, imageShape };
}

function summarize(times: readonly StepTimes[], counts: ReadonlyMap<string, number>): StepProfile {
  const sorted = [...times].sort((a, b) => a.total - b.total);
  const quarter = Math.floor(sorted.length / 4);
  const middle = sorted.slice(quarter, sorted.length - quarter);
  const mean = (value: (step: StepTimes) => number): number =>
    middle.reduce((sum, step) => sum + value(step), 0) / middle.length;
  const total = mean((step) => step.total);
  const names = new Set(middle.flatMap(({ parts }) => [...parts.keys()]));
  const parts = [...names].map((name) => ({
    name,
    ms: mean((step) => step.parts.get(name) ?? 0),
    kernels: kernelsOf(name, counts, times.length),
  }));
  parts.sort((a, b) => b.ms - a.ms);
  const rest = total - parts.reduce((sum, { ms }) => sum + ms, 0);
  return { total, parts: [...parts, { name: restPart, ms: rest, kernels: [] }] };
}

function kernelsOf(part: string, counts: ReadonlyMap<string, number>, steps: number): string[] {
  return [...counts]
    .filter(([kernel]) => (partOfKernel[kernel] ?? otherKernels) === part)
    .sort(([, a], [, b]) => b - a)
    .map(([kernel, count]) => {
      const perStep = count / steps;
      return `${kernel} × ${Number.isInteger(perStep) ? perStep : perStep.toFixed(1)}`;
    });
}

const barWidth = 20;

/**
 * 内訳を、割合と棒のついた表にします。
 *
 * @param profile - 内訳。
 * @returns 表の行。
 */
export function profileTable({ total, parts }: StepProfile): string[] {
  const width = 30;
  const row = (name: string, ms: number): string =>
    padDisplay(name, width) +
    padDisplay(`${ms.toFixed(3)} ms`, 12, 'right') +
    padDisplay(`${((100 * ms) / total).toFixed(1)} %`, 9, 'right');
  const rows = parts.map(
    ({ name, ms, kernels }) =>
      `${row(name, ms)}  ${padDisplay(bar(ms / total), barWidth)}  ${kernels.join('、')}`,
  );
  const line = '-'.repeat(width + 21);
  return [...rows.map((text) => text.trimEnd()), line, row('1ステップ', total)];
}

const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** 割合を、文字の8分の1の細かさの棒にします。 */
function bar(share: number): string {
  const units = Math.max(0, Math.round(share * barWidth * 8));
  return '█'.repeat(Math.floor(units / 8)) + eighths[units % 8]!;
}
