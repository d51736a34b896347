import { displayPath, errorCode, errorText, fileSize, readRange, UserError } from '#platform';
import { digest } from './digest.ts';

// safetensors は、名前の付いたテンソルを並べただけのファイルです。
//   はじめの 8 バイト  見出しの長さ(64 ビットの整数、小さい桁が先)
//   見出し            JSON: { "名前": { "dtype": "F32", "shape": [64, 3, 3, 3], "data_offsets": [0, 6912] }, … }
//   残り              テンソルの値。data_offsets は、見出しの後から数えた位置
// 見出しだけを先に読み、値は、要るときに 1 つずつ読みます。

/** 見出しにあるテンソル 1 つ。 */
interface TensorEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [begin: number, end: number];
}

const headerLengthBytes = 8;
const maxHeaderBytes = 100_000_000; // 本物の実装と同じ上限

/** 値の型ごとの、1 つの長さと、float32 への直し方。 */
const decoders: Readonly<
  Record<string, { bytes: number; decode: (bytes: Uint8Array) => Float32Array }>
> = {
  F32: { bytes: 4, decode: (bytes) => new Float32Array(aligned(bytes)) },
  F16: {
    bytes: 2,
    decode: (bytes) => Float32Array.from(new Uint16Array(aligned(bytes)), fromHalf),
  },
  BF16: { bytes: 2, decode: fromBrainFloats },
};

/** 開いた safetensors のファイル。 */
export class SafetensorsFile {
  readonly #path: string;
  readonly #entries: ReadonlyMap<string, TensorEntry>;
  readonly #dataStart: number;
  /** 見出しと、値のはじめの部分から決まる名前。 */
  readonly id: string;

  constructor(
    path: string,
    entries: ReadonlyMap<string, TensorEntry>,
    dataStart: number,
    id: string,
  ) {
    this.#path = path;
    this.#entries = entries;
    this.#dataStart = dataStart;
    this.id = id;
  }

  /**
   * テンソルがあるかを調べます。
   *
   * @param name - 名前。
   * @returns あれば true。
   */
  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /**
   * テンソルの一部を読みます。はじめの軸の、いくつか分です。
   *
   * @param name - 名前。
   * @param shape - あるはずの形。2 つ目からの軸は、1 つの軸にまとめて書かれていてもかまいません。
   * @param start - はじめの軸の、読み始める番号。
   * @param count - はじめの軸の、読む個数。省くと、残りの全部。
   * @returns 値。[count, ...残りの軸] を平らに並べたもの。
   * @throws UserError テンソルがない、形や型が違う、ファイルが短い、値に NaN か無限大があるとき。
   */
  async read(
    name: string,
    shape: readonly number[],
    start = 0,
    count = shape[0]! - start,
  ): Promise<Float32Array> {
    const entry = this.#entries.get(name);
    if (entry === undefined) throw broken(this.#path, `テンソル「${name}」がありません`);
    const flat = [shape[0]!, product(shape) / shape[0]!]; // 全結合層は、[F, C × H × W] と書かれています
    const matches = [shape, flat].some((one) => withoutOnes(one) === withoutOnes(entry.shape));
    if (!matches) {
      throw broken(
        this.#path,
        `テンソル「${name}」の形が [${entry.shape.join(', ')}] です。[${shape.join(', ')}] のはずです`,
      );
    }
    const decoder = decoders[entry.dtype];
    if (decoder === undefined) {
      throw broken(this.#path, `テンソル「${name}」の型 ${entry.dtype} は読めません`);
    }
    const rowBytes = (product(shape) / shape[0]!) * decoder.bytes;
    const from = this.#dataStart + entry.data_offsets[0] + start * rowBytes;
    const bytes = await readRange(this.#path, from, count * rowBytes);
    if (bytes.length < count * rowBytes) throw broken(this.#path, 'ファイルが途中で切れています');
    const values = decoder.decode(bytes);
    if (values.some((value) => !Number.isFinite(value))) {
      throw broken(this.#path, `テンソル「${name}」に NaN か無限大があります`);
    }
    return values;
  }
}

/**
 * safetensors のファイルを開きます。値はまだ読みません。
 *
 * 出典: Hugging Face safetensors の書式
 *
 * @param path - ファイル。
 * @returns 開いたファイル。
 * @throws UserError ファイルがない、safetensors ではない、途中で切れているとき。
 */
export async function openSafetensors(path: string): Promise<SafetensorsFile> {
  const size = await fileSize(path);
  if (size === undefined) throw broken(path, 'ファイルがありません');
  try {
    const first = await readRange(path, 0, headerLengthBytes);
    const length =
      first.length < headerLengthBytes ? 0 : Number(viewOf(first).getBigUint64(0, true));
    if (length < 2 || length > maxHeaderBytes) throw broken(path, 'safetensors ではありません');
    if (headerLengthBytes + length > size) throw broken(path, notWhole(path));
    const header = await readRange(path, headerLengthBytes, length);
    const entries = parseHeader(path, header);
    const dataStart = headerLengthBytes + length;
    checkLayout(path, entries, size - dataStart);
    const sample = await readRange(path, dataStart, 65_536);
    const id = await digest(Uint8Array.from([...header, ...sample]));
    return new SafetensorsFile(path, entries, dataStart, id);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw broken(path, errorCode(error) === 'EISDIR' ? 'フォルダーです' : errorText(error), error);
  }
}

/** 長さがでたらめなときは、切れたのか、別の種類のファイルなのかを、見た目から言い分けます。 */
function notWhole(path: string): string {
  return path.endsWith('.safetensors')
    ? 'safetensors ではないか、途中で切れています'
    : 'safetensors ではありません';
}

function parseHeader(path: string, header: Uint8Array): Map<string, TensorEntry> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(header));
  } catch (error) {
    throw broken(path, 'safetensors ではありません', error);
  }
  if (typeof parsed !== 'object' || parsed === null) {
    throw broken(path, 'safetensors ではありません');
  }
  const entries = new Map<string, TensorEntry>();
  for (const [name, entry] of Object.entries(parsed)) {
    if (name === '__metadata__') continue;
    if (!isEntry(entry)) throw broken(path, `テンソル「${name}」の見出しが壊れています`);
    entries.set(name, entry);
  }
  return entries;
}

function isEntry(entry: unknown): entry is TensorEntry {
  if (typeof entry !== 'object' || entry === null) return false;
  const { dtype, shape, data_offsets: offsets } = entry as Partial<TensorEntry>;
  const natural = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
  return (
    typeof dtype === 'string' &&
    Array.isArray(shape) &&
    shape.every(natural) &&
    Array.isArray(offsets) &&
    (offsets as readonly unknown[]).length === 2 &&
    offsets.every(natural)
  );
}

/** どのテンソルも、大きさが形と合い、ほかと重ならず、ファイルに収まっていることを確かめます。 */
function checkLayout(
  path: string,
  entries: ReadonlyMap<string, TensorEntry>,
  dataBytes: number,
): void {
  let end = 0;
  const ordered = [...entries].sort(([, a], [, b]) => a.data_offsets[0] - b.data_offsets[0]);
  for (const [name, { dtype, shape, data_offsets: offsets }] of ordered) {
    const bytes = decoders[dtype]?.bytes; // 知らない型は、読むときに断ります
    const rightSize = bytes === undefined || offsets[1] - offsets[0] === product(shape) * bytes;
    if (offsets[0] !== end || offsets[1] < end || !rightSize) {
      throw broken(path, `テンソル「${name}」の位置が壊れています`);
    }
    end = offsets[1];
  }
  if (end > dataBytes) throw broken(path, 'ファイルが途中で切れています');
}

function broken(path: string, why: string, cause?: unknown): UserError {
  return new UserError(
    `重みのファイル ${displayPath(path)} を読めません(${why})。`,
    'このファイルを消して、もう一度実行してください。自分で置いたものなら、取り直してください。',
    { cause },
  );
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((all, size) => all * size, 1);
}

/** 大きさ 1 の軸を除いた形。1×1 の畳み込みと全結合は、同じ形とみなします。 */
function withoutOnes(shape: readonly number[]): string {
  return shape.filter((size) => size !== 1).join('×');
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** 型付き配列は、4 の倍数の位置からしか作れないので、ずれていれば写します。 */
function aligned(bytes: Uint8Array): ArrayBuffer {
  return bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength
    ? (bytes.buffer as ArrayBuffer)
    : bytes.slice().buffer;
}

/** 半精度(符号 1、指数 5、仮数 10 ビット)を数に直します。 */
function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** bfloat16 は、float32 の上の 16 ビットです。 */
function fromBrainFloats(bytes: Uint8Array): Float32Array {
  const high = new Uint16Array(aligned(bytes));
  return new Float32Array(Uint32Array.from(high, (bits) => bits << 16).buffer);
}
