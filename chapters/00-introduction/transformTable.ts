import { padDisplay } from '#platform';
import type { ImageBatch, Random, Transform } from '../../datasets/index.ts';
import { toPicture, type TransformRow } from '../support/figures/index.ts';

/** 見本を作る変換。 */
export interface TransformSample {
  /** torchvision での名前。 */
  readonly name: string;
  /** 何をする変換か。 */
  readonly note: string;
  /** かけてみる変換。1 つが、図の 1 枚になります。 */
  readonly tries: readonly Transform[];
}

/**
 * 同じ変換を 4 回かけてみます。無作為な変換は、かけるたびに結果が変わります。
 *
 * @param transform - 無作為な変換。
 * @returns 4 つの、同じ変換。
 */
export function fourTimes(transform: Transform): Transform[] {
  return [transform, transform, transform, transform];
}

/**
 * 1 枚の画像に変換をかけて、図の 1 段と、画面に出す 1 行を作ります。
 *
 * @param sample - 変換。
 * @param image - 1 枚の画像。[1, H, W, 3]
 * @param random - 無作為な変換に渡す乱数。
 * @returns 図の 1 段と、変換した後の形と値の範囲。
 */
export function tryTransform(
  { name, note, tries }: TransformSample,
  image: ImageBatch,
  random: Random,
): { row: TransformRow; line: string } {
  const results = tries.map((transform) => transform(image, random));
  const [first] = results;
  const row: TransformRow = { name, note, results: results.map(toPicture) };
  const line = describeBatch(name, first!);
  if (first!.data instanceof Float32Array) {
    // 見た目では分からない変わり方なので、値を添えます
    const remarks = ['左上の画素の値', ...[image, first!].map(firstPixel)];
    return { row: { ...row, remarks }, line };
  }
  if (!name.endsWith('Flip')) return { row, line };
  const captions = results.map(({ data }) => (same(data, image.data) ? 'そのまま' : '反転'));
  return { row: { ...row, captions }, line };
}

/**
 * 画像の形と、値の範囲を 1 行にします。
 *
 * @param name - 行の見出し。
 * @param batch - 画像。
 * @returns 1 行。
 */
export function describeBatch(name: string, { data, shape: [, h, w, c] }: ImageBatch): string {
  const range = [Math.min(...data), Math.max(...data)].map((value) => formatValue(value, data));
  return `${padDisplay(name, 24)}${padDisplay(`[${h}, ${w}, ${c}]`, 14)}${range.join(' 〜 ')}`;
}

function firstPixel({ data }: ImageBatch, i: number): string {
  const values = Array.from(data.subarray(0, 3), (value) => formatValue(value, data));
  return `${i === 0 ? '' : '→ '}${values.join(', ')}`;
}

function formatValue(value: number, data: ImageBatch['data']): string {
  return data instanceof Uint8Array ? String(value) : value.toFixed(3).replace('-', '−');
}

function same(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  return a.length === b.length && Array.from(a).every((value, i) => value === b[i]);
}
