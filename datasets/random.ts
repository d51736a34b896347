import { UserError } from '#platform';
import type { Random } from './types.ts';

const two32 = 2 ** 32;
const goldenRatio = 0x9e3779b9; // 黄金比の小数部 × 2^32。種が 0 や連番でも、状態を散らばらせます。

/**
 * 32 ビットの整数をよくかき混ぜます(1 対 1 の対応なので、違う値は違う値になります)。
 * 定数は Chris Wellons "Hash Prospector"(パブリックドメイン)が探し出したものです。
 */
function mix32(value: number): number {
  let x = value;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return x ^ (x >>> 15);
}

/**
 * 種から乱数の列を作ります。同じ種と流れからは、どの計算機でも同じ列が出ます。
 *
 * `Math.random()` は種を決められず、実験を繰り返せないので使いません。
 * 方式は xoshiro128**(D. Blackman, S. Vigna "Scrambled Linear Pseudorandom Number Generators", 2021)です。
 *
 * @param seed - 種。0 以上の整数。
 * @param stream - 流れの番号。同じ種から、互いに関係のない列をいくつも作るときに使います(エポックごとの並べ替えなど)。
 * @returns 呼ぶたびに、0 以上 1 未満の数を返す関数。
 * @throws UserError 種か流れの番号が 0 以上の整数でないとき。
 * @example
 * const random = createRandom(42);
 * random(); // いつも同じ値
 */
export function createRandom(seed: number, stream = 0): Random {
  requireNaturalNumber(seed, '乱数の種');
  requireNaturalNumber(stream, '乱数の流れの番号');

  let hash = 0;
  for (const word of [seed, Math.floor(seed / two32), stream]) {
    hash = mix32((hash + word + goldenRatio) | 0);
  }
  const nextState = (): number => mix32((hash = (hash + goldenRatio) | 0));
  let a = nextState();
  let b = nextState();
  let c = nextState();
  let d = nextState();

  return () => {
    const scrambled = Math.imul(b, 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9);
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return (result >>> 0) / two32;
  };
}

function requireNaturalNumber(value: number, name: string): void {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new UserError(
      `${name} ${value} は使えません。`,
      `0 以上 ${Number.MAX_SAFE_INTEGER} 以下の整数を指定してください。`,
    );
  }
}

/**
 * 平均 0、標準偏差 1 の正規分布に従う乱数を 1 つ作ります(Box–Muller 法)。
 *
 * @param random - 0 以上 1 未満の一様乱数。2 つ使います。
 * @returns 正規分布に従う数。
 */
export function normal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random())); // 1 から引くのは、log(0) を避けるためです。
  return radius * Math.cos(2 * Math.PI * random());
}

/**
 * 0 から n − 1 までを、偏りなく並べ替えます(Fisher–Yates 法)。
 *
 * @param n - 個数。
 * @param random - 0 以上 1 未満の一様乱数。
 * @returns 並べ替えた番号。[n]
 */
export function shuffledIndices(n: number, random: Random): Uint32Array {
  const indices = Uint32Array.from({ length: n }, (_, index) => index);
  for (let last = n - 1; last > 0; last--) {
    const chosen = Math.floor(random() * (last + 1)); // 0〜last の 1 つを選び、いちばん後ろへ移します。
    const moved = indices[chosen]!;
    indices[chosen] = indices[last]!;
    indices[last] = moved;
  }
  return indices;
}
