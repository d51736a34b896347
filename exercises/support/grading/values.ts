/** 添字で読める、数などの並び。 */
type Sequence = readonly unknown[] | Float32Array | Float64Array | Int32Array | Uint8Array;

/**
 * 並び(配列か型つき配列)か。
 *
 * @param value - 調べる値。
 * @returns 並びなら true。
 */
export function isSequence(value: unknown): value is Sequence {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

/**
 * `{ 名前: 値 }` の形のふつうのオブジェクトか。
 *
 * @param value - 調べる値。
 * @returns ふつうのオブジェクトなら true。
 */
export function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/**
 * 入れ子の並びの形を求めます。
 *
 * @param value - 入れ子の並び。
 * @returns `[2, 3]` など。並びでなければ `[]`、長さがそろっていなければ undefined。
 */
export function shapeOf(value: unknown): number[] | undefined {
  if (!isSequence(value)) return [];
  const inner = Array.from(value, shapeOf);
  const [first] = inner;
  if (inner.length === 0) return [0];
  if (first === undefined) return undefined;
  const regular = inner.every((shape) => shape !== undefined && sameShape(shape, first));
  return regular ? [inner.length, ...first] : undefined;
}

/**
 * 形が同じか。
 *
 * @param a - 形。
 * @param b - 形。
 * @returns 同じなら true。
 */
export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/**
 * 入れ子の並びを、1 列に並べます。
 *
 * @param value - 入れ子の並び。
 * @returns 端から順に並べた値。
 */
export function flatten(value: unknown): unknown[] {
  return isSequence(value) ? Array.from(value).flatMap(flatten) : [value];
}

/**
 * 配列とオブジェクトを、中まで写します。関数などはそのまま渡します。
 *
 * @param value - 写す値。
 * @returns 写し。
 */
export function copyDeep<T>(value: T): T {
  return copyUnknown(value) as T;
}

function copyUnknown(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyUnknown);
  if (isSequence(value)) return value.slice();
  if (isRecord(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, copyUnknown(one)]));
  }
  return value;
}

const shownElements = 24; // これより多い並びは、形とはじめの数個だけを見せます

/**
 * 値を、画面に出す短い文にします。
 *
 * @param value - 値。
 * @returns `[[1, 2], [3, 4]]` や `[2, 32, 32, 3] の配列(はじめは 0.1, 0.2, …)` など。
 */
export function show(value: unknown): string {
  if (typeof value === 'number') return showNumber(value);
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'function') return value.name === '' ? '関数' : value.name;
  if (isSequence(value)) {
    const all = flatten(value);
    if (all.length <= shownElements) return `[${Array.from(value, show).join(', ')}]`;
    const shape = shapeOf(value);
    const start = all.slice(0, 4).map(show).join(', ');
    const name = shape === undefined ? '長さのそろっていない配列' : `[${shape.join(', ')}] の配列`;
    return `${name}(はじめは ${start}, …)`;
  }
  if (isRecord(value)) {
    const entries = Object.entries(value).map(([key, one]) => `${key}: ${show(one)}`);
    return `{ ${entries.join(', ')} }`;
  }
  if (typeof value === 'object' && value !== null) return value.constructor.name;
  return String(value);
}

function showNumber(value: number): string {
  if (Number.isInteger(value)) return Object.is(value, -0) ? '0' : String(value);
  return String(Number(value.toPrecision(5)));
}
