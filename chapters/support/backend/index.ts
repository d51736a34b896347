import * as tf from '@tensorflow/tfjs';
import { explainErrorsWith, OutOfMemoryError, UserError } from '#platform';
import {
  engines,
  missingPackage,
  SoftwareGpuError,
  type DeviceName,
  type Engine,
  type EngineDetails,
} from './engines.ts';
import { explainFailure } from './failures.ts';
import { proveTraining } from './proof.ts';
import {
  memoKey,
  recallTimings,
  rememberTimings,
  timeTrainingStep,
  type EngineProbe,
} from './timing.ts';

export type { DeviceName } from './engines.ts';
export { deviceFailure, explainFailure, throwIfDeviceFailed } from './failures.ts';
export type { EngineProbe } from './timing.ts';

// 仕組みの名前から、1ステップのミリ秒へ。使えなかったものは理由の文です。
type EngineTimings = Record<string, number | string>;

/** 選べるデバイス。`auto` は、CPU の仕組みのうちいちばん速いものです。 */
export const deviceChoices = ['auto', 'cpu', 'gpu'] as const;

/** 選べるデバイスの型。 */
export type DeviceChoice = (typeof deviceChoices)[number];

/** 選ばれた仕組みの報告。 */
export interface DeviceReport {
  /** どこで計算するか。 */
  device: DeviceName;
  /** TF.js のバックエンドの名前。 */
  backend: string;
  /** 仕組みの名前(`wasm` など)。 */
  engine: string;
  /** TF.js や TensorFlow の版。 */
  version: string;
  /** スレッドの数。分からなければ undefined。 */
  threads?: number | undefined;
  /** 補足(SIMD の種類、GPU の名前など)。 */
  note?: string | undefined;
  /** GPU の名前。CPU なら undefined。 */
  gpu?: string | undefined;
  /** GPU のまねをするソフトウェアなら true。 */
  software?: boolean | undefined;
  /** 測った1ステップの時間(ミリ秒)。測らなければ undefined。 */
  stepMilliseconds?: number | undefined;
  /** 選ばれなかった仕組みと、その理由(日本語の文)。 */
  passedOver: readonly { engine: string; reason: string }[];
}

/** {@link useDevice} の設定。 */
export interface UseDeviceOptions {
  /** 速さを比べるのに使う章のネットワーク。省くと、測らずに決まった順で選びます。 */
  probe?: EngineProbe;
  /** ソフトウェアで GPU のまねをするものも許すか。それを選ぶ選択肢のない章では省きます。 */
  allowSoftwareGpu?: boolean | undefined;
}

/**
 * 計算する仕組みを選び、本当に学習できることを確かめてから使い始めます。
 *
 * `auto` と `cpu` は、CPU で使えるものをすべて試し、章のネットワークで数ステップずつ測って、いちばん速いものを選びます。
 * 結果は覚えておき、次からは測りません。GPU を使うのは `gpu` と言われたときだけです。ドライバーの不具合で
 * プログラムごと落ちることがあり、頼んでいない人を巻きこまないためです。CUDA が使えれば CUDA を、なければ WebGPU を使います。
 *
 * 1つのプログラムの中で何度呼んでもかまいません。ただしテンソルは、作ったときの仕組みのメモリーにあります。
 * 切り替えたら、ネットワークとデータを作り直してください(GPU のテンソルを CPU に移すには `await tensor.data()` で読みます)。
 *
 * @param choice - どこで計算するか。
 * @param options - 速さを比べるネットワークなど。
 * @returns 選ばれた仕組みと、ほかを選ばなかった理由。
 * @throws UserError `gpu` を求められたのに GPU がないとき、または使える仕組みが1つもないとき。
 * @throws OutOfMemoryError バッチが大きすぎて、ためしの学習ができないとき。
 */
export async function useDevice(
  choice: DeviceChoice,
  { probe, allowSoftwareGpu }: UseDeviceOptions = {},
): Promise<DeviceReport> {
  explainErrorsWith(explainFailure);
  tf.enableProdMode(); // 「tfjs-node を入れると速くなります」という英語の案内を止めます
  return choice === 'gpu' ? useGpu(probe, allowSoftwareGpu) : useFastestCpu(probe);
}

async function useGpu(
  probe: EngineProbe | undefined,
  allowSoftwareGpu: boolean | undefined,
): Promise<DeviceReport> {
  const reasons: EngineTimings = {};
  let advice = '';
  for (const engine of engines.filter(({ device }) => device === 'gpu')) {
    let details: EngineDetails;
    try {
      details = await startAndProve(engine, allowSoftwareGpu === true);
    } catch (error) {
      reasons[engine.id] = reasonOf(error);
      if (error instanceof UserError) advice = error.advice ?? '';
      if (error instanceof SoftwareGpuError && allowSoftwareGpu === false) {
        advice = '遅くてもよければ、--allow-software-gpu をつけると、それで動きます。';
      }
      continue;
    }
    const time = probe === undefined ? undefined : (await measure(probe)).fastest;
    return report(engine, details, time, reasons);
  }
  throw new UserError(
    `GPU を使えません。${listReasons(reasons)}`,
    `${advice}--device cpu なら、GPU がなくても学習できます。`,
  );
}

async function useFastestCpu(probe: EngineProbe | undefined): Promise<DeviceReport> {
  const candidates = engines.filter(({ device }) => device === 'cpu');
  const timings = await decide(candidates, probe);
  const usable = candidates.filter((engine) => typeof timings[engine.id] === 'number');
  usable.sort((a, b) => Number(timings[a.id]) - Number(timings[b.id]));
  for (const engine of usable) {
    let details: EngineDetails;
    try {
      details = await startAndProve(engine, false);
    } catch (error) {
      timings[engine.id] = reasonOf(error); // 覚えていたときから事情が変わったら、次に速いものへ
      continue;
    }
    const time = probe === undefined ? undefined : Number(timings[engine.id]);
    return report(engine, details, time, timings);
  }
  throw new UserError(
    `計算する仕組みを1つも使えません。${listReasons(timings)}`,
    'node_modules を消して npm install をやり直してください。',
  );
}

/** それぞれの仕組みの速さ(ミリ秒)か、使えない理由を集めます。 */
async function decide(
  candidates: readonly Engine[],
  probe: EngineProbe | undefined,
): Promise<EngineTimings> {
  const key = probe && memoKey(probe, candidates);
  const remembered = key === undefined ? {} : await recallTimings(key);
  const measured: Record<string, number> = { ...remembered };
  const reasons: Record<string, string> = {};
  let tooBig: OutOfMemoryError | undefined;
  for (const [place, engine] of candidates.entries()) {
    if (measured[engine.id] !== undefined) continue;
    const missing = missingReason(engine);
    if (missing !== undefined) {
      reasons[engine.id] = missing;
      continue;
    }
    const found = Object.keys(measured).length > 0 || tooBig !== undefined;
    if (engine.id === 'cpu' && found) {
      reasons[engine.id] = 'JavaScript だけの計算は遅いので、ほかに何もないときだけ使います。';
      continue;
    }
    try {
      await startAndProve(engine, false);
      // 選ぶときは最も速い1回を見ます。ほかのプログラムに邪魔された回の影響を受けにくいからです
      measured[engine.id] = probe === undefined ? place : (await measure(probe)).fastest;
    } catch (error) {
      if (error instanceof OutOfMemoryError) tooBig = error;
      reasons[engine.id] = reasonOf(error);
    }
    // 測らないなら、はじめに使えたものに決めます
    if (probe === undefined && measured[engine.id] !== undefined) break;
  }
  if (tooBig !== undefined && Object.keys(measured).length === 0) throw tooBig;
  const isNew = Object.keys(measured).length > Object.keys(remembered).length;
  if (key !== undefined && isNew) await rememberTimings(key, measured);
  return { ...measured, ...reasons };
}

async function startAndProve(engine: Engine, allowSoftwareGpu: boolean): Promise<EngineDetails> {
  const details = await engine.start({ allowSoftwareGpu });
  await proveTraining();
  return details;
}

async function measure(probe: EngineProbe): Promise<{ fastest: number }> {
  try {
    return await timeTrainingStep(probe);
  } catch (error) {
    throw explainFailure(error);
  }
}

function report(
  engine: Engine,
  { version, threads, note, adapter }: EngineDetails,
  time: number | undefined,
  outcomes: EngineTimings,
): DeviceReport {
  return {
    device: engine.device,
    backend: engine.backend,
    engine: engine.id,
    version,
    threads,
    note,
    gpu: adapter?.name,
    software: adapter?.software,
    stepMilliseconds: time,
    passedOver: Object.entries(outcomes)
      .filter(([id]) => id !== engine.id)
      .map(([id, outcome]) => ({ engine: id, reason: describe(outcome, time) })),
  };
}

function missingReason(engine: Engine): string | undefined {
  const missing = missingPackage(engine);
  return missing === undefined ? undefined : `${missing} が入っていません。`;
}

function listReasons(outcomes: EngineTimings): string {
  return Object.entries(outcomes)
    .map(([id, reason]) => `${id}: ${reason}`)
    .join(' ');
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function describe(outcome: number | string, best = NaN): string {
  if (typeof outcome === 'string') return outcome;
  return `1ステップ ${outcome.toFixed(1)} ms で、選んだもの(${best.toFixed(1)} ms)より遅いです。`;
}
