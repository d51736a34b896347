import * as tf from '@tensorflow/tfjs';
import {
  describeMachine,
  findWebGpu,
  installedVersion,
  loadNativeTensorFlow,
  prepareWebGpu,
  UserError,
  type GpuAdapter,
} from '#platform';
import { watchGpu, type GpuDevice } from './failures.ts';
import { installLeanLayers, installTrainingKernels } from '../kernels/index.ts';

/** どこで計算するか。 */
export type DeviceName = 'cpu' | 'gpu';

/** 計算する仕組み(TF.js のバックエンド)を1つ表します。 */
export interface Engine {
  /** 画面や記録で使う名前。 */
  readonly id: 'wasm' | 'tensorflow' | 'cpu' | 'tensorflow-gpu' | 'webgpu';
  /** TF.js のバックエンドの名前。 */
  readonly backend: 'wasm' | 'tensorflow' | 'cpu' | 'webgpu';
  readonly device: DeviceName;
  /** 必要なパッケージ。 */
  readonly packages: readonly string[];
  /**
   * 使える状態にして、TF.js のバックエンドに選びます。
   *
   * @returns 版、並列数などの説明。
   * @throws UserError 使えないとき。文が理由です。
   */
  start(options: StartOptions): Promise<EngineDetails>;
}

/** {@link Engine.start} の設定。 */
export interface StartOptions {
  /** ソフトウェアで GPU のまねをするものも許すか。 */
  allowSoftwareGpu: boolean;
}

/** 始めた仕組みについて分かったこと。 */
export interface EngineDetails {
  /** TF.js や TensorFlow の版。 */
  version: string;
  /** 計算に使うスレッドの数。分からなければ undefined。 */
  threads?: number;
  /** 補足(SIMD の種類、GPU の名前など)。 */
  note?: string;
  /** 使う GPU。CPU なら undefined。 */
  adapter?: GpuAdapter;
}

/** 見つかった GPU が、ソフトウェアによる GPU のまねだったことを表します。 */
export class SoftwareGpuError extends UserError {
  /** @param name - 見つかったものの名前。 */
  constructor(name: string) {
    super(`見つかった ${name} は、CPU で GPU のまねをするソフトウェアです。`);
    this.name = 'SoftwareGpuError';
  }
}

async function select(backend: string): Promise<void> {
  if (!(await tf.setBackend(backend))) {
    throw new UserError(`TF.js の ${backend} を始められません。`);
  }
  await tf.ready();
  installLeanLayers();
}

const wasm: Engine = {
  id: 'wasm',
  backend: 'wasm',
  device: 'cpu',
  packages: ['@tensorflow/tfjs-backend-wasm'],
  async start() {
    await import('@tensorflow/tfjs-backend-wasm');
    await select('wasm');
    const { simd } = await installTrainingKernels();
    const note = { relaxed: 'relaxed SIMD', plain: 'SIMD', none: 'SIMD なし' }[simd];
    return { version: `TF.js ${tf.version_core}`, threads: 1, note };
  },
};

interface NativeBackend {
  binding: { TF_Version: string };
  isUsingGpuDevice: boolean;
}

type NativePackage = Parameters<typeof loadNativeTensorFlow>[0];

let loadedPackage: NativePackage | undefined;

/** TensorFlow のネイティブ版を選びます。 */
async function startNative(name: NativePackage): Promise<{ version: string; usesGpu: boolean }> {
  // 2つの版は同じ名前のライブラリーを使うので、あとから読みこんだほうも、先の版で動いてしまいます
  const other = loadedPackage !== undefined && loadedPackage !== name;
  if (other && installedVersion(name) !== undefined) {
    throw new UserError(`${loadedPackage} を先に使ったので、この実行では使えません。`);
  }
  loadNativeTensorFlow(name);
  loadedPackage = name;
  await select('tensorflow');
  const { binding, isUsingGpuDevice } = tf.backend() as unknown as NativeBackend;
  const version = `TF.js ${tf.version_core}, TensorFlow ${binding.TF_Version}`;
  return { version, usesGpu: isUsingGpuDevice };
}

const native: Engine = {
  id: 'tensorflow',
  backend: 'tensorflow',
  device: 'cpu',
  packages: ['@tensorflow/tfjs-node'],
  async start() {
    const { version } = await startNative('@tensorflow/tfjs-node');
    return { version, threads: describeMachine().cores };
  },
};

const plainCpu: Engine = {
  id: 'cpu',
  backend: 'cpu',
  device: 'cpu',
  packages: ['@tensorflow/tfjs'],
  async start() {
    await select('cpu');
    return { version: `TF.js ${tf.version_core}`, threads: 1, note: 'JavaScript だけで計算' };
  },
};

const cuda: Engine = {
  id: 'tensorflow-gpu',
  backend: 'tensorflow',
  device: 'gpu',
  packages: ['@tensorflow/tfjs-node-gpu'],
  async start() {
    const { version, usesGpu } = await startNative('@tensorflow/tfjs-node-gpu');
    if (!usesGpu) {
      throw new UserError('TensorFlow の GPU 版は読みこめましたが、CUDA の GPU が見つかりません。');
    }
    return { version, note: 'CUDA', adapter: { name: 'NVIDIA の GPU(CUDA)', software: false } };
  },
};

const webgpu: Engine = {
  id: 'webgpu',
  backend: 'webgpu',
  device: 'gpu',
  packages: ['webgpu', '@tensorflow/tfjs-backend-webgpu'],
  async start({ allowSoftwareGpu }) {
    const adapter = await findWebGpu();
    if (adapter.software && !allowSoftwareGpu) throw new SoftwareGpuError(adapter.name);
    await prepareWebGpu();
    await select('webgpu');
    watchGpu((tf.backend() as unknown as { device: GpuDevice }).device);
    const kind = adapter.software ? 'ソフトウェアによる GPU のまね' : 'GPU';
    return {
      version: `TF.js ${tf.version_core}, webgpu ${installedVersion('webgpu') ?? ''}`,
      note: `${kind}: ${adapter.name}`,
      adapter,
    };
  },
};

/** 試す順に並べた、すべての仕組み。小さなネットワークで速かったものほど前です。 */
export const engines: readonly Engine[] = [wasm, native, plainCpu, cuda, webgpu];

/**
 * パッケージがそろっているかだけを見ます(読みこみはしません)。
 *
 * @param engine - 仕組み。
 * @returns 足りないパッケージの名前。そろっていれば undefined。
 */
export function missingPackage(engine: Engine): string | undefined {
  return engine.packages.find((name) => installedVersion(name) === undefined);
}
