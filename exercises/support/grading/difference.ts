import { flatten, isRecord, isSequence, sameShape, shapeOf, show } from './values.ts';

/** 返ってきた値と正しい値の違い。 */
export interface Difference {
  /** 何が違うか(一文)。 */
  readonly headline: string;
  /** 値の並びだけから分かる、考えられる原因。 */
  readonly likely?: string | undefined;
}

/**
 * 返ってきた値を正しい値と比べます。種類、形、数かどうか、値の順に調べ、はじめに見つけた違いを返します。
 *
 * @param got - 返ってきた値。
 * @param expected - 正しい値。数、文字列、真偽値、それらの並びかオブジェクト。
 * @param tolerance - 許す差。正しい値が 1 より大きければ、その割合です。
 * @returns 違い。同じなら undefined。
 */
export function findDifference(
  got: unknown,
  expected: unknown,
  tolerance: number,
): Difference | undefined {
  return compare(got, expected, tolerance, '');
}

function compare(
  got: unknown,
  expected: unknown,
  tolerance: number,
  path: string,
): Difference | undefined {
  const where = path === '' ? '' : `${path} で、`;
  const kind = describeKind(got, expected);
  if (kind !== undefined) return { ...kind, headline: `${where}${kind.headline}` };
  if (isSequence(expected)) return compareSequences(got, expected, tolerance, path);
  if (isRecord(expected) && isRecord(got)) {
    for (const [key, value] of Object.entries(expected)) {
      const inner = path === '' ? key : `${path}.${key}`;
      if (!(key in got)) return { headline: `返ってきた値に ${inner} がありません。` };
      const difference = compare(got[key], value, tolerance, inner);
      if (difference !== undefined) return difference;
    }
    return undefined;
  }
  if (typeof expected === 'number') return compareNumbers([got], [expected], tolerance, path);
  return Object.is(got, expected) ? undefined : { headline: `${where}値が違います。` };
}

function describeKind(got: unknown, expected: unknown): Difference | undefined {
  if (got === undefined && expected !== undefined) {
    return {
      headline: '何も返ってきませんでした(undefined)。',
      likely: 'return を書き忘れているか、途中の if で return を通らない場合があります。',
    };
  }
  if (got instanceof Promise) {
    return {
      headline: 'Promise が返ってきました。',
      likely: '関数に async を付けているか、await を忘れています。値をそのまま返してください。',
    };
  }
  const [gotKind, expectedKind] = [kindOf(got), kindOf(expected)];
  return gotKind === expectedKind
    ? undefined
    : { headline: `${expectedKind}を返すところで、${gotKind}が返ってきました。` };
}

function kindOf(value: unknown): string {
  if (isSequence(value)) return '配列';
  if (value === null) return 'null ';
  const names: Record<string, string> = {
    number: '数',
    string: '文字列',
    boolean: '真偽値',
    undefined: 'undefined ',
    function: '関数',
    object: 'オブジェクト',
  };
  return names[typeof value] ?? typeof value;
}

function compareSequences(
  got: unknown,
  expected: unknown,
  tolerance: number,
  path: string,
): Difference | undefined {
  const where = path === '' ? '' : `${path} で、`;
  const [gotShape, expectedShape] = [shapeOf(got), shapeOf(expected)];
  const [all, wanted] = [flatten(got), flatten(expected)];
  if (expectedShape === undefined || wanted.some((value) => isRecord(value))) {
    return compareOneByOne(got, expected, tolerance, path);
  }
  if (gotShape === undefined) {
    return { headline: `${where}内側の配列の長さがそろっていません。` };
  }
  if (!sameShape(gotShape, expectedShape)) {
    return {
      headline: `${where}形が違います。[${expectedShape.join(', ')}] になるはずが、[${gotShape.join(', ')}] でした。`,
      likely: explainShape(gotShape, expectedShape),
    };
  }
  return compareNumbers(all, wanted, tolerance, path, (index) => locate(expectedShape, index));
}

// 長さが行ごとに違う並びや、オブジェクトの並びは、要素ごとに比べます
function compareOneByOne(
  got: unknown,
  expected: unknown,
  tolerance: number,
  path: string,
): Difference | undefined {
  const [gotList, expectedList] = [toList(got), toList(expected)];
  if (gotList.length !== expectedList.length) {
    return {
      headline: `${path === '' ? '' : `${path} で、`}要素の数が違います。${expectedList.length} 個になるはずが、${gotList.length} 個でした。`,
    };
  }
  for (const [index, value] of expectedList.entries()) {
    const difference = compare(gotList[index], value, tolerance, `${path}[${index}]`);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function toList(value: unknown): unknown[] {
  return isSequence(value) ? Array.from(value) : [];
}

function explainShape(got: readonly number[], expected: readonly number[]): string | undefined {
  const sorted = (shape: readonly number[]): number[] => shape.toSorted((a, b) => a - b);
  if (sameShape(sorted(got), sorted(expected))) {
    return '軸の順が違うようです。どの軸が何を表すかを確かめてください。';
  }
  const count = (shape: readonly number[]): number => shape.reduce((size, n) => size * n, 1);
  if (count(got) === count(expected)) {
    return '要素の数は合っています。配列の入れ子の仕方を確かめてください。';
  }
  const off = expected.flatMap((size, axis) => (got[axis] === size ? [] : [got[axis]! - size]));
  if (got.length === expected.length && off.length === 1 && Math.abs(off[0]!) === 1) {
    return `1 つの軸の長さだけが、1 ${off[0]! > 0 ? '多い' : '少ない'}ようです。繰り返しの始まりと終わりを確かめてください。`;
  }
  return undefined;
}

function locate(shape: readonly number[], index: number): string {
  let rest = index;
  const places: number[] = [];
  for (const size of shape.toReversed()) {
    places.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return places.map((place) => `[${place}]`).join('');
}

function compareNumbers(
  got: readonly unknown[],
  expected: readonly unknown[],
  tolerance: number,
  path: string,
  name: (index: number) => string = () => '',
): Difference | undefined {
  for (const [index, value] of got.entries()) {
    const wanted = expected[index];
    const place = `${path}${name(index)}`;
    if (typeof value !== typeof wanted) {
      const subject = place === '' ? '' : `${place} が、`;
      return { headline: `${subject}${kindOf(wanted)}ではなく ${show(value)} です。` };
    }
    if (typeof wanted === 'number' && !Number.isNaN(wanted) && Number.isNaN(value)) {
      return {
        headline: `${place === '' ? '値が' : `${place} が`} NaN(数でない値)です。`,
        likely:
          '0 で割るか、undefined を足すか、無限大どうしを計算していないかを確かめてください。',
      };
    }
  }
  const wrong = got.findIndex((value, index) => !isClose(value, expected[index], tolerance));
  if (wrong === -1) return undefined;
  const where = path === '' ? '' : `${path} で、`;
  const place = name(wrong);
  return {
    headline:
      place === ''
        ? `${where}値が違います。`
        : `${where}値が違います。${place} は ${show(expected[wrong])} のはずが、${show(got[wrong])} でした。`,
    likely: explainNumbers(got, expected, tolerance),
  };
}

function isClose(got: unknown, expected: unknown, tolerance: number): boolean {
  if (typeof got !== 'number' || typeof expected !== 'number') return Object.is(got, expected);
  if (Object.is(got, expected) || got === expected) return true;
  if (!Number.isFinite(expected)) return false; // 無限大の何割かは無限大なので、どんな値も近いことになってしまいます
  return Math.abs(got - expected) <= tolerance * Math.max(1, Math.abs(expected));
}

function explainNumbers(
  got: readonly unknown[],
  expected: readonly unknown[],
  tolerance: number,
): string | undefined {
  const pairs = got.flatMap((value, index): [number, number][] => {
    const wanted = expected[index];
    return typeof value === 'number' && typeof wanted === 'number' ? [[value, wanted]] : [];
  });
  const [first] = pairs;
  if (first === undefined || pairs.length < 2 || pairs.length < got.length) return undefined;
  if (pairs.every(([value]) => value === first[0]) && pairs.some(([, one]) => one !== first[1])) {
    return `どこも同じ値 ${show(first[0])} になっています。計算した結果を入れているかを確かめてください。`;
  }
  const telling = pairs.filter(([, wanted]) => Math.abs(wanted) > 1e-3);
  const [sample] = telling;
  if (sample === undefined || telling.length < 2) return undefined;
  const ratio = sample[0] / sample[1];
  if (!pairs.every(([value, wanted]) => isClose(value, wanted * ratio, tolerance))) {
    return undefined;
  }
  if (isClose(ratio, -1, tolerance)) return '符号が逆のようです。';
  return ratio === 0
    ? undefined
    : `どの値も、正しい値の ${show(ratio)} 倍です。割り算や掛け算を忘れていないかを確かめてください。`;
}
