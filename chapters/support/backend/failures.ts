import * as tf from '@tensorflow/tfjs';
import { formatBytes, OutOfMemoryError, UserError } from '#platform';

/** WebGPU の GPU のうち、見張るのに使う部分。 */
export interface GpuDevice {
  readonly limits: { maxBufferSize: number; maxStorageBufferBindingSize: number };
  readonly lost: Promise<{ message: string }>;
  createBuffer(descriptor: { size: number }): unknown;
  addEventListener(
    type: 'uncapturederror',
    listener: (event: { error: { message: string }; preventDefault(): void }) => void,
  ): void;
}

const onTheCpu = '--device cpu で CPU を使ってください。';
const watched = new WeakSet<GpuDevice>();
let failure: UserError | undefined;

/**
 * GPU の計算が途中でだめになっていれば、そのわけを返します。
 *
 * GPU は頼まれた計算をあとから行うので、失敗しても、頼んだ行では例外になりません。それどころか、
 * 読み返した損失が 0 になります。だから、値を読み返すたびに確かめてください。
 *
 * @returns 見せるエラー。だめになっていなければ undefined。
 */
export function deviceFailure(): UserError | undefined {
  return failure;
}

/**
 * GPU の計算が途中でだめになっていれば、{@link deviceFailure} を投げます。
 *
 * @throws UserError だめになっているとき。
 */
export function throwIfDeviceFailed(): void {
  if (failure !== undefined) throw failure;
}

/**
 * 失われた GPU、GPU が断った計算、入りきらないテンソルを、{@link deviceFailure} で分かるようにします。
 *
 * @param device - WebGPU の GPU。2度渡してもかまいません。
 */
export function watchGpu(device: GpuDevice): void {
  if (watched.has(device)) return;
  watched.add(device);
  void device.lost.then(({ message }) => {
    failure ??= lostDevice(message);
  });
  device.addEventListener('uncapturederror', (event) => {
    event.preventDefault(); // 英語の長い説明が画面に流れるのを止めます
    failure ??= refusedWork(event.error);
  });
  refuseTooBig(device);
}

/** テンソル1つが GPU の限りを超えるときに、あとからではなく、その場で止めます。 */
function refuseTooBig(device: GpuDevice): void {
  const { maxBufferSize, maxStorageBufferBindingSize } = device.limits;
  const limit = Math.min(maxBufferSize, maxStorageBufferBindingSize);
  const createBuffer = device.createBuffer.bind(device);
  device.createBuffer = (descriptor) => {
    if (descriptor.size > limit) {
      throw new OutOfMemoryError(
        `バッチが大きすぎて、GPU で計算できません(1つのテンソルに ${formatBytes(descriptor.size)} が要りますが、この GPU では ${formatBytes(limit)} までです)。`,
      );
    }
    return createBuffer(descriptor);
  };
}

// GPU のエラーは Error ではなく、文は何行もあります
const firstLine = (text: string): string => text.trim().split('\n')[0] ?? '';

function lostDevice(message: string): UserError {
  const reason = firstLine(message);
  return new UserError(
    `計算の途中で GPU が使えなくなりました${reason === '' ? '' : `(${reason})`}。`,
    `学習していたモデルは保存していません。GPU のドライバーを新しくしてもう一度試すか、${onTheCpu}`,
  );
}

function refusedWork(error: { message: string }): UserError {
  if (error.constructor.name === 'GPUOutOfMemoryError') {
    return new OutOfMemoryError('GPU のメモリーが足りません。', { cause: error });
  }
  const reason = firstLine(error.message);
  return new UserError(`GPU が計算を断りました(${reason})。`, onTheCpu, { cause: error });
}

// 仕組みごとに違う、メモリーが足りないときの文
const memoryTexts =
  /allocation failed|out of memory|memory access out of bounds|Invalid typed array length|bad_alloc|OOM when|ResourceExhausted|exceeds WebGPU/i;

/**
 * 計算の途中のエラーを、利用者に見せる文にします。
 *
 * @param error - 捕まえた値。
 * @returns 見せるエラー。計算のエラーでなければ、そのまま返します。
 */
export function explainFailure(error: unknown): unknown {
  if (error instanceof UserError) return error;
  if (failure !== undefined) return failure;
  const text = error instanceof Error ? error.message : String(error);
  if (memoryTexts.test(text)) {
    return new OutOfMemoryError('計算に使うメモリーが足りません。', { cause: error });
  }
  // 読み返しを断る知らせのほうが、GPU が失われた知らせより先に届くことがあります
  const aborted = error instanceof Error && error.name === 'AbortError';
  return aborted && tf.getBackend() === 'webgpu' ? lostDevice(text) : error;
}
