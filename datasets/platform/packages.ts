import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import util from 'node:util';
import { runApart } from './apart.ts';
import { errorText, UserError } from './errors.ts';

const require = createRequire(import.meta.url);

/**
 * 入っているパッケージの版を調べます。読みこみはしません。
 *
 * @param name - パッケージの名前。
 * @returns 版。入っていなければ undefined。
 */
export function installedVersion(name: string): string | undefined {
  for (const folder of require.resolve.paths(name) ?? []) {
    try {
      const text = readFileSync(join(folder, name, 'package.json'), 'utf8');
      return (JSON.parse(text) as { version: string }).version;
    } catch {
      // ない、読む許可がない(ほかの人のホームフォルダーなど)、壊れている。どれも、そこでは使えません
    }
  }
  return undefined;
}

/**
 * TensorFlow のネイティブ版(tfjs-node)を読みこみます。読みこむと、TF.js に `tensorflow` バックエンドが登録されます。
 *
 * @param name - CPU 版か、CUDA を使う GPU 版か。
 * @throws UserError 入っていない、ネイティブのライブラリーがない、など。
 */
export function loadNativeTensorFlow(
  name: '@tensorflow/tfjs-node' | '@tensorflow/tfjs-node-gpu',
): void {
  if (installedVersion(name) === undefined) {
    throw new UserError(`${name} が入っていません。`);
  }
  repairRemovedUtilities();
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2'; // TensorFlow の英語の案内を止めます(エラーは出ます)
  try {
    require(name);
  } catch (error) {
    const text = errorText(error);
    const reason = /libcud|cublas|cudnn/i.test(text)
      ? 'CUDA のライブラリーが見つかりません'
      : /tfjs_binding|native|dlopen|Cannot find module/i.test(text)
        ? 'ネイティブのライブラリーがありません'
        : text;
    throw new UserError(`${name} を読みこめません(${reason})。`, undefined, { cause: error });
  }
}

/**
 * tfjs-node 4.22 は、Node.js 23 で消えた関数を使い、最初の計算で止まります。
 * 読みこむ前に同じ働きの関数を補います(https://github.com/tensorflow/tfjs/issues/8609)。
 */
function repairRemovedUtilities(): void {
  const legacy = util as unknown as Record<string, unknown>;
  legacy.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  legacy.isArray ??= Array.isArray;
}

/** WebGPU の GPU(アダプター)について分かったこと。 */
export interface GpuAdapter {
  /** 名前(メーカー、型番など)。 */
  name: string;
  /** CPU で GPU のまねをするソフトウェアか。 */
  software: boolean;
}

interface DawnModule {
  create: (options: string[]) => unknown;
  globals: Record<string, unknown>;
}

interface AdapterInfo {
  vendor: string;
  architecture: string;
  device: string;
  description: string;
  isFallbackAdapter?: boolean;
}

interface WebGpu {
  requestAdapter(options: { powerPreference: string }): Promise<{ info: AdapterInfo } | null>;
}

const searchTime = 60_000; // ms。はじめて使う GPU のドライバーは、準備に何十秒もかかることがあります
// mesa、Chrome、Windows の、GPU のまねをするソフトウェア
const softwareNames = /llvmpipe|lavapipe|swiftshader|software|basic render|\bwarp\b/i;
let search: Promise<GpuAdapter> | undefined;

/**
 * WebGPU で使える GPU を探します。2度目からは、はじめの結果を返します。
 *
 * 別のプロセスで探します。ドライバーの不具合で、プロセスごと落ちることがあるためです。
 *
 * @returns 見つかった GPU。
 * @throws UserError パッケージが入っていない、GPU が見つからない、など。
 */
export function findWebGpu(): Promise<GpuAdapter> {
  return (search ??= searchWebGpu());
}

async function searchWebGpu(): Promise<GpuAdapter> {
  for (const name of ['webgpu', '@tensorflow/tfjs-backend-webgpu']) {
    if (installedVersion(name) === undefined) {
      throw new UserError(`${name} が入っていません。`, 'npm install をやり直すと入ります。');
    }
  }
  const outcome = await runApart({
    module: import.meta.url,
    name: askForWebGpu.name,
    argument: '',
    timeout: searchTime,
  });
  const advice = 'GPU があるなら、ドライバーを新しくしてください。';
  if (outcome.ended !== 'answered') {
    const how = outcome.ended === 'timedOut' ? '答えが返りません' : outcome.how;
    throw new UserError(`WebGPU を始められません(${how})。`, advice);
  }
  const info = outcome.answer as AdapterInfo | null;
  if (info === null) throw new UserError('WebGPU で使える GPU が見つかりません。', advice);
  const { vendor, architecture, device, description, isFallbackAdapter } = info;
  const name = [vendor, architecture, description || device].filter(Boolean).join(' ');
  return {
    name,
    software: isFallbackAdapter === true || softwareNames.test(name),
  };
}

/**
 * このプロセスで GPU を探します。{@link findWebGpu} が、別のプロセスの中で呼びます。
 *
 * @public
 * @returns GPU についての情報。なければ null。
 */
export async function askForWebGpu(): Promise<AdapterInfo | null> {
  const gpu = await createWebGpu();
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null) return null;
  const { vendor, architecture, device, description, isFallbackAdapter = false } = adapter.info;
  return { vendor, architecture, device, description, isFallbackAdapter };
}

let preparation: Promise<void> | undefined;

/**
 * Node.js に WebGPU(Dawn)を用意し、TF.js の webgpu バックエンドを登録します。2度目からは何もしません。
 * 作り直すと、前の GPU に置いたテンソルがもとで、プログラムごと落ちるためです。
 */
export function prepareWebGpu(): Promise<void> {
  return (preparation ??= (async () => {
    await createWebGpu();
    await importOptional('@tensorflow/tfjs-backend-webgpu');
  })());
}

async function createWebGpu(): Promise<WebGpu> {
  const dawn = (await importOptional('webgpu')) as DawnModule;
  Object.assign(globalThis, dawn.globals);
  const holder = globalThis as unknown as { navigator?: Record<string, unknown> };
  holder.navigator ??= {};
  holder.navigator.userAgent ??= 'Node.js';
  const gpu = dawn.create([]) as WebGpu;
  Object.defineProperty(holder.navigator, 'gpu', { value: gpu, configurable: true });
  return gpu;
}

// 名前を変数で渡すのは、入れなくてもよいパッケージを型検査とバンドラーに探させないためです
async function importOptional(name: string): Promise<unknown> {
  return (await import(name)) as unknown;
}
