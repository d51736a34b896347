import * as tf from '@tensorflow/tfjs';
import { projectRoot, runApart } from '#platform';
import {
  engines,
  missingPackage,
  SoftwareGpuError,
  type DeviceName,
  type Engine,
  type EngineDetails,
} from './engines.ts';
import { proveTraining } from './proof.ts';

/** 計算する仕組みを1つ調べた結果。 */
export interface EngineInspection {
  /** 仕組みの名前(`wasm` など)。 */
  readonly engine: Engine['id'];
  /** どこで計算する仕組みか。 */
  readonly device: DeviceName;
  /** 本当に学習できたか。GPU のまねをするソフトウェアは、学習できても false です。 */
  readonly usable: boolean;
  /** GPU のまねをするソフトウェアだったか。 */
  readonly software: boolean;
  /** 使えるときは版など、使えないときはわけ(日本語の文)。 */
  readonly detail: string;
  /** 使えるようにする方法(日本語の文)。使えるときは undefined。 */
  readonly advice?: string | undefined;
}

/** 調べるのを待つ時間。はじめて使う GPU のドライバーは、準備に何十秒もかかることがあります。 */
const timeout = 60_000; // ms

// 使えるようにする方法です。足りないものは、ほとんどの人には要りません
const advice: Readonly<Record<Engine['id'], string>> = {
  wasm: 'node_modules を消して npm install をやり直してください。',
  cpu: 'node_modules を消して npm install をやり直してください。',
  tensorflow:
    'なくても wasm で学べます。入れるには、ネットワークにつないで npm install をやり直してください。',
  'tensorflow-gpu':
    'NVIDIA の GPU と CUDA があるときだけ、npm run setup:gpu で入れてください。ほかの人には要りません。',
  webgpu: 'GPU があるなら、GPU のドライバーを新しくしてください。なければ、このままで困りません。',
};

// ネイティブのライブラリーも GPU のドライバーも使わない仕組みは、プロセスごと落ちることがありません
const safeHere: ReadonlySet<Engine['id']> = new Set(['wasm', 'cpu']);

/**
 * 計算する仕組みをすべて調べます。どれも、小さな学習を本当に走らせて確かめます。
 *
 * ネイティブのライブラリーや GPU のドライバーを使うものは、別のプロセスで調べます。
 * 落ちても、調べているプログラムは落ちません。
 *
 * @param options - 止める合図。
 * @returns 仕組みごとの結果。並びはいつも同じです。
 * @throws InterruptedError 合図で止めたとき。
 */
export async function inspectEngines({ signal }: { signal?: AbortSignal } = {}): Promise<
  EngineInspection[]
> {
  tf.enableProdMode(); // 「tfjs-node を入れると速くなります」という英語の案内を止めます
  const [here, ...apart] = await Promise.all([
    inspectSafeEngines(),
    ...engines.filter(({ id }) => !safeHere.has(id)).map((engine) => inspectApart(engine, signal)),
  ]);
  return engines.map(({ id }) => [...here, ...apart].find(({ engine }) => engine === id)!);
}

/** このプロセスで調べるもの。バックエンドは 1 つずつしか選べないので、順に調べます。 */
async function inspectSafeEngines(): Promise<EngineInspection[]> {
  const found: EngineInspection[] = [];
  for (const { id } of engines) if (safeHere.has(id)) found.push(await inspectHere(id));
  return found;
}

async function inspectApart(engine: Engine, signal?: AbortSignal): Promise<EngineInspection> {
  const missing = missingPackage(engine);
  if (missing !== undefined) return failed(engine, `${missing} が入っていません。`);
  const outcome = await runApart({
    module: import.meta.url,
    name: inspectHere.name,
    argument: engine.id,
    timeout,
    signal,
  });
  if (outcome.ended === 'answered') return outcome.answer as EngineInspection;
  return failed(
    engine,
    outcome.ended === 'timedOut'
      ? `${timeout / 1000} 秒待っても学習が終わりませんでした。`
      : `小さな学習が途中で止まりました(${outcome.how})。`,
  );
}

/**
 * 計算する仕組みを1つ、このプロセスの中で調べます。{@link inspectEngines} が、別のプロセスの中で呼びます。
 *
 * @param id - 仕組みの名前。
 * @returns 調べた結果。例外は投げません。
 */
export async function inspectHere(id: string): Promise<EngineInspection> {
  const engine = engines.find((one) => one.id === id)!;
  let details: EngineDetails;
  try {
    details = await engine.start({ allowSoftwareGpu: false });
  } catch (error) {
    return { ...failed(engine, reasonOf(error)), software: error instanceof SoftwareGpuError };
  }
  try {
    await proveTraining();
  } catch (error) {
    return failed(engine, reasonOf(error));
  }
  const { version, threads, note } = details;
  const parts = [version, note, threads === undefined ? '' : `${threads} スレッド`];
  return {
    engine: engine.id,
    device: engine.device,
    usable: true,
    software: false,
    detail: parts.filter(Boolean).join('、'),
  };
}

/** 使えなかったわけ。エラーの文に入ることがある、この機械のパスは見せません。 */
function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replaceAll(projectRoot, '.');
}

function failed(engine: Engine, detail: string): EngineInspection {
  const { id, device } = engine;
  return { engine: id, device, usable: false, software: false, detail, advice: advice[id] };
}
