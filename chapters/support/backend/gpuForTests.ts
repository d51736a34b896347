/**
 * GPU を使うテストの部品です。GPU のドライバーは JavaScript の例外にならずにプロセスごと落ちることがあるので、
 * どれも別のプロセスで動かします。
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs';
import type { TestContext } from 'vitest';
import { findWebGpu, runApart, type GpuAdapter, type UserError } from '#platform';
import { crossEntropy } from '../losses.ts';
import { createOptimizer } from '../optimizers.ts';
import { useDevice } from './index.ts';

const module = import.meta.url;
const timeout = 110_000; // ms

/**
 * この機械でテストに使える GPU(本物かソフトウェア)を探します。
 *
 * @returns GPU。なければ undefined。
 */
export function findAdapter(): Promise<GpuAdapter | undefined> {
  return findWebGpu().catch(() => undefined);
}

/**
 * GPU がなければ、わけを言ってテストを省きます。
 *
 * @param context - vitest のテスト。
 * @param adapter - {@link findAdapter} の結果。
 */
export function needGpu(context: TestContext, adapter: GpuAdapter | undefined): void {
  context.skip(
    adapter === undefined,
    'WebGPU の GPU が、ソフトウェアのもの(mesa の llvmpipe など)も見つかりません',
  );
}

/**
 * この部品か、ほかのモジュールの関数を、別のプロセスで動かします。
 *
 * @param name - 関数の名前。
 * @param argument - 渡す文字列。
 * @param from - 関数のあるモジュールの URL。
 * @returns 関数の答え。
 * @throws Error 答えずに終わったとき。
 */
export async function apart(name: string, argument = '', from = module): Promise<unknown> {
  const outcome = await runApart({ module: from, name, argument, timeout });
  if (outcome.ended !== 'answered') throw new Error(JSON.stringify(outcome));
  return outcome.answer;
}

/** 小さな網を n 枚のバッチで3ステップ学習したときの損失。 */
async function shortLosses(n: number): Promise<number[]> {
  const weight = tf.tidy(() =>
    tf.variable(tf.linspace(-0.01, 0.01, 3072 * 10).reshape([3072, 10])),
  );
  const images = tf.tensor2d(new Float32Array(n * 3072).fill(0.3), [n, 3072]);
  const labels = tf.tensor1d(new Int32Array(n).fill(3), 'int32');
  const optimizer = createOptimizer('adam', { learningRate: 0.001 });
  const losses: number[] = [];
  for (let step = 0; step < 3; step++) {
    const { value, grads } = tf.variableGrads(() =>
      crossEntropy(labels, tf.matMul(images, weight)),
    );
    optimizer.applyGradients(grads);
    losses.push((await value.data())[0]!);
    tf.dispose([value, grads]);
  }
  tf.dispose([weight, images, labels]);
  optimizer.dispose();
  return losses;
}

/** {@link switchDevices} の1回分。 */
export interface Turn {
  /** 使った仕組み。 */
  engine: string;
  /** 画面に出る補足。 */
  note: string | undefined;
  /** ソフトウェアによる GPU のまねか。 */
  software: boolean | undefined;
  /** 3ステップの損失。 */
  losses: number[];
  /** 残ったテンソルの数。 */
  tensors: number;
}

/** {@link switchDevices} の結果。 */
export interface SwitchResult {
  /** CPU、GPU、CPU、GPU の順の結果。 */
  turns: Turn[];
  /** そのあと、GPU に入りきらない大きさのバッチで学習したときのエラー。止まらなければ undefined。 */
  tooBig?: { message: string; advice: string };
}

/**
 * CPU と GPU を交互に使って、同じ学習をします。終わりに、大きすぎるバッチで学習してみます。
 *
 * @returns 1回ごとの結果と、エラー。
 */
export async function switchDevices(): Promise<SwitchResult> {
  const turns: Turn[] = [];
  for (const choice of ['cpu', 'gpu', 'cpu', 'gpu'] as const) {
    const { engine, note, software } = await useDevice(choice, { allowSoftwareGpu: true });
    const losses = await shortLosses(4);
    turns.push({ engine, note, software, losses, tensors: tf.memory().numTensors });
  }
  const { device } = tf.backend() as unknown as {
    device?: { limits: { maxStorageBufferBindingSize: number } };
  };
  if (device === undefined) return { turns };
  const n = Math.floor(device.limits.maxStorageBufferBindingSize / (3072 * 4)) + 1;
  try {
    await shortLosses(n);
    return { turns };
  } catch (error) {
    const { message, advice } = error as UserError;
    return { turns, tooBig: { message, advice: advice ?? '' } };
  }
}
