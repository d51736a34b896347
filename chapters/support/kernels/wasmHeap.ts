import type { DataType, TensorInfo } from '@tensorflow/tfjs';
import { OutOfMemoryError } from '#platform';

/**
 * TF.js の wasm バックエンドの内側に触るのは、このファイルだけです。
 *
 * TF.js はテンソルを Emscripten のヒープ(1 つの大きな WebAssembly.Memory)に置いています。同じメモリーを自分のモジュールに
 * 渡せば、テンソルを写さずに計算できます。ここで使う項目は TF.js の公開された約束ではないので、版を上げたらテストで確かめます。
 */
interface EmscriptenModule {
  /** メモリーが伸びると作り直されるので、使うたびに読みます。 */
  readonly HEAPU8: Uint8Array;
  readonly asm?: Readonly<Record<string, unknown>>;
  readonly wasmMemory?: WebAssembly.Memory;
  _malloc: (bytes: number) => number;
  _free(address: number): void;
  readonly tfjs: {
    registerTensor(id: number, size: number, address: number): void;
    disposeData(id: number): void;
  };
}

interface TensorRecord {
  id: number;
  readonly memoryOffset: number;
  readonly shape: number[];
  readonly dtype: DataType;
  readonly refCount: number;
}

/** wasm バックエンドのうち、ここで使う部分。 */
interface WasmBackend {
  readonly wasm: EmscriptenModule;
  readonly dataIdMap: { get(dataId: object): TensorRecord };
  dataIdNextNumber: number;
  makeOutput(shape: number[], dtype: DataType): TensorInfo;
  incRef(dataId: object): void;
  disposeData(dataId: object): boolean;
}

/** 番地から中身にたどり着ける TF.js のテンソル(`tf.Tensor` も `TensorInfo` もこれに当てはまります)。 */
export interface HeapTensor {
  readonly dataId: object;
  readonly shape: number[];
  readonly dtype: DataType;
}

/** TF.js の wasm ヒープ。番地はすべてバイト位置です。 */
export class WasmHeap {
  readonly memory: WebAssembly.Memory;
  readonly #backend: WasmBackend;
  #scratchAddress = 0;
  #scratchBytes = 0;

  /** @throws Error メモリーが見つからないとき(TF.js の作りが変わったとき)。 */
  constructor(backend: object) {
    this.#backend = backend as WasmBackend;
    const { wasmMemory, asm } = this.#backend.wasm;
    const memory =
      wasmMemory ?? Object.values(asm ?? {}).find((value) => value instanceof WebAssembly.Memory);
    if (memory === undefined) throw new Error('TF.js の wasm メモリーが見つかりません。');
    this.memory = memory;
    refuseWhenFull(this.#backend.wasm);
  }

  /** メモリーを他のスレッドと分け合っているか(スレッド版の wasm バックエンド)。 */
  get shared(): boolean {
    return !(this.memory.buffer instanceof ArrayBuffer);
  }

  /** テンソルの中身の番地。 */
  address(tensor: HeapTensor): number {
    return this.#backend.dataIdMap.get(tensor.dataId).memoryOffset >>> 0;
  }

  /** 中身が決まっていない出力を用意します。 */
  output(shape: readonly number[], dtype: DataType = 'float32'): TensorInfo {
    return this.#backend.makeOutput([...shape], dtype);
  }

  /** 同じ中身を指す、別のテンソルを作ります(写しません)。 */
  share(tensor: HeapTensor, shape: readonly number[] = tensor.shape): TensorInfo {
    this.#backend.incRef(tensor.dataId);
    return { dataId: tensor.dataId, shape: [...shape], dtype: tensor.dtype };
  }

  /** 出力にしなかった途中の結果を捨てます。 */
  release(tensor: TensorInfo): void {
    this.#backend.disposeData(tensor.dataId);
  }

  /** 中身を他のテンソルと分け合っているか。分け合っているものをその場で書き換えてはいけません。 */
  isShared(tensor: HeapTensor): boolean {
    return this.#backend.dataIdMap.get(tensor.dataId).refCount > 1;
  }

  /**
   * その場で書き換えたテンソルに新しい番号を付けます。
   *
   * XNNPACK(TF.js が使う計算ライブラリー)は重みを詰め直したものを番号ごとに覚えているので、
   * 番号が同じままだと古い重みで計算してしまいます。
   */
  markModified(tensor: HeapTensor): void {
    const { wasm, dataIdMap } = this.#backend;
    const record = dataIdMap.get(tensor.dataId);
    const size = record.shape.reduce((product, n) => product * n, 1);
    wasm.tfjs.disposeData(record.id);
    record.id = this.#backend.dataIdNextNumber++;
    wasm.tfjs.registerTensor(record.id, size, record.memoryOffset);
  }

  /** 途中の計算に使う場所。次に呼ぶまで有効です(1 つのカーネルの中だけで使います)。 */
  scratch(bytes: number): number {
    if (bytes > this.#scratchBytes) {
      if (this.#scratchAddress !== 0) this.#backend.wasm._free(this.#scratchAddress);
      this.#scratchAddress = 0;
      this.#scratchBytes = 0;
      const size = Math.ceil(bytes * 1.25) + 64;
      this.#scratchAddress = this.allocate(size);
      this.#scratchBytes = size;
    }
    return this.#scratchAddress;
  }

  /**
   * ヒープから場所をもらいます。
   *
   * @throws OutOfMemoryError メモリーが足りないとき。
   */
  allocate(bytes: number): number {
    return this.#backend.wasm._malloc(bytes) >>> 0;
  }

  /** 32 ビット整数を並べて書きます。 */
  writeIntegers(address: number, values: readonly number[]): void {
    new Int32Array(this.#backend.wasm.HEAPU8.buffer, address, values.length).set(values);
  }

  /** 1 つの float を書きます。 */
  writeFloat(address: number, value: number): void {
    new Float32Array(this.#backend.wasm.HEAPU8.buffer, address, 1)[0] = value;
  }

  /** ヒープの中でバイトを写します(重なっていてもかまいません)。 */
  copy(target: number, source: number, bytes: number): void {
    this.#backend.wasm.HEAPU8.copyWithin(target, source, source + bytes);
  }
}

const guarded = new WeakSet<EmscriptenModule>();

/**
 * ヒープがいっぱいのときに、エラーで止まるようにします。
 *
 * TF.js は、場所をもらえなかったこと(番地 0)を確かめずに 0 番地へ書きこみ、値を黙って壊します。
 */
function refuseWhenFull(wasm: EmscriptenModule): void {
  if (guarded.has(wasm)) return;
  guarded.add(wasm);
  wasm._free(wasm._malloc(1)); // Emscripten は、はじめて呼ばれたときに関数を入れかえます
  const allocate = wasm._malloc;
  wasm._malloc = (bytes) => {
    const address = allocate(bytes);
    if (address === 0) {
      throw new OutOfMemoryError('計算に使うメモリーが足りません(wasm では 4 GB までです)。');
    }
    return address;
  };
}
