import * as tf from '@tensorflow/tfjs';
import { UserError } from '#platform';
import {
  engines,
  missingPackage,
  type DeviceName,
  type Engine,
  type EngineDetails,
} from './engines.ts';
import { proveTraining } from './proof.ts';
import {
  memoKey,
  recallTimings,
  rememberTimings,
  timeTrainingStep,
  type EngineProbe,
} from './timing.ts';

export type { DeviceName } from './engines.ts';
export type { EngineProbe } from './timing.ts';

// 仕組みの名前から、1ステップのミリ秒へ。使えなかったものは理由の文です。
type EngineTimings = Record<string, number | string>;

/** 選べるデバイス。`auto` は、いちばん速いものを選びます。 */
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
  /** 測った1ステップの時間(ミリ秒)。測らなければ undefined。 */
  stepMilliseconds?: number | undefined;
  /** 選ばれなかった仕組みと、その理由(日本語の文)。 */
  passedOver: readonly { engine: string; reason: string }[];
}

/** {@link useDevice} の設定。 */
export interface UseDeviceOptions {
  /** 速さを比べるのに使う章のネットワーク。省くと、測らずに決まった順で選びます。 */
  probe?: EngineProbe;
  /** ソフトウェアで GPU のまねをするものも許すか(自動テスト用)。 */
  allowSoftwareGpu?: boolean;
}

/**
 * 計算する仕組みを選び、本当に学習できることを確かめてから使い始めます。
 *
 * `auto` は、使えるものをすべて試し、章のネットワークで数ステップずつ測って、いちばん速いものを選びます。
 * 結果は覚えておき、次からは測りません。`cpu` は CPU だけ、`gpu` は GPU だけから選びます。
 *
 * @param choice - どこで計算するか。
 * @param options - 速さを比べるネットワークなど。
 * @returns 選ばれた仕組みと、ほかを選ばなかった理由。
 * @throws UserError `gpu` を求められたのに GPU がないとき、または使える仕組みが1つもないとき。
 */
export async function useDevice(
  choice: DeviceChoice,
  { probe, allowSoftwareGpu = false }: UseDeviceOptions = {},
): Promise<DeviceReport> {
  const candidates = engines.filter(
    (engine) =>
      (choice === 'auto' || engine.device === choice) &&
      // GPU は入れた人だけのものなので、なくて当たり前のときに「ありません」と言いません
      (choice === 'gpu' || engine.device === 'cpu' || missingPackage(engine) === undefined),
  );
  tf.enableProdMode(); // 「tfjs-node を入れると速くなります」という英語の案内を止めます
  const timings = await decide(candidates, probe, allowSoftwareGpu);
  const usable = candidates.filter((engine) => typeof timings[engine.id] === 'number');
  usable.sort((a, b) => Number(timings[a.id]) - Number(timings[b.id]));

  for (const engine of usable) {
    let details: EngineDetails;
    try {
      details = await startAndProve(engine, allowSoftwareGpu);
    } catch (error) {
      timings[engine.id] = reasonOf(error); // 覚えていたときから事情が変わったら、次に速いものへ
      continue;
    }
    const time = Number(timings[engine.id]);
    return {
      device: engine.device,
      backend: engine.backend,
      engine: engine.id,
      version: details.version,
      threads: details.threads,
      note: details.note,
      stepMilliseconds: probe === undefined ? undefined : time,
      passedOver: candidates
        .filter((other) => other !== engine && timings[other.id] !== undefined)
        .map((other) => ({ engine: other.id, reason: describe(timings[other.id]!, time) })),
    };
  }
  const reasons = candidates.map((engine) => `${engine.id}: ${String(timings[engine.id])}`);
  if (choice === 'gpu') {
    throw new UserError(
      `GPU を使えません。${reasons.join(' ')}`,
      'npm run setup:gpu で GPU 用のパッケージを入れるか、--device cpu で CPU を使ってください。',
    );
  }
  throw new UserError(
    `計算する仕組みを1つも使えません。${reasons.join(' ')}`,
    'node_modules を消して npm install をやり直してください。',
  );
}

/** それぞれの仕組みの速さ(ミリ秒)か、使えない理由を集めます。 */
async function decide(
  candidates: readonly Engine[],
  probe: EngineProbe | undefined,
  allowSoftwareGpu: boolean,
): Promise<EngineTimings> {
  const key = probe && memoKey(probe, candidates);
  const remembered = key === undefined ? {} : await recallTimings(key);
  const measured: Record<string, number> = { ...remembered };
  const reasons: Record<string, string> = {};
  for (const [place, engine] of candidates.entries()) {
    if (measured[engine.id] !== undefined) continue;
    const missing = missingPackage(engine);
    if (missing !== undefined) {
      reasons[engine.id] = `${missing} が入っていません。`;
      continue;
    }
    const found = Object.keys(measured).length > 0;
    if (engine.id === 'cpu' && found) {
      reasons[engine.id] = 'JavaScript だけの計算は遅いので、ほかに何もないときだけ使います。';
      continue;
    }
    try {
      await startAndProve(engine, allowSoftwareGpu);
      // 選ぶときは最も速い1回を見ます。ほかのプログラムに邪魔された回の影響を受けにくいからです
      measured[engine.id] = probe === undefined ? place : (await timeTrainingStep(probe)).fastest;
    } catch (error) {
      reasons[engine.id] = reasonOf(error);
    }
    // 測らないなら、はじめに使えたものに決めます
    if (probe === undefined && measured[engine.id] !== undefined) break;
  }
  const isNew = Object.keys(measured).length > Object.keys(remembered).length;
  if (key !== undefined && isNew) await rememberTimings(key, measured);
  return { ...measured, ...reasons };
}

async function startAndProve(engine: Engine, allowSoftwareGpu: boolean): Promise<EngineDetails> {
  const details = await engine.start({ allowSoftwareGpu });
  await proveTraining();
  return details;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function describe(outcome: number | string, best: number): string {
  if (typeof outcome === 'string') return outcome;
  return `1ステップ ${outcome.toFixed(1)} ms で、選んだもの(${best.toFixed(1)} ms)より遅いです。`;
}
