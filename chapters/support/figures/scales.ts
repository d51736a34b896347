import { scaleLinear, scaleLog } from 'd3-scale';
import { formatCoordinate } from './svg.ts';

/** 軸の目盛りの取り方。 */
export type ScaleKind = 'linear' | 'log';

/** 数の見せ方。percent は 0〜1 の割合を百分率にします。 */
export type NumberFormat = 'number' | 'percent';

/** 軸 1 本。 */
export interface Axis {
  /** データの範囲。 */
  readonly domain: readonly [number, number];
  /** データの値を図の位置に移します。描けない値(NaN、対数軸の 0 以下)は NaN になります。 */
  readonly position: (value: number) => number;
  /** 目盛り。 */
  readonly ticks: readonly { readonly value: number; readonly text: string }[];
}

/** {@link createAxis} の設定。 */
export interface AxisOptions {
  /** 軸に乗せる値。有限でないものは無視します。 */
  readonly values: readonly number[];
  /** 図の上の範囲(始めと終わり)。 */
  readonly range: readonly [number, number];
  /** 線形か対数か。 */
  readonly kind?: ScaleKind | undefined;
  /** 範囲を決め打ちするとき。 */
  readonly domain?: readonly [number, number] | undefined;
  /** 端を切りのよい数まで広げるか。省くと広げます。 */
  readonly nice?: boolean | undefined;
  /** 目盛りの数の目安。 */
  readonly tickCount?: number | undefined;
  /** 目盛りの数字の見せ方。 */
  readonly format?: NumberFormat | undefined;
}

/**
 * データから軸を作ります。
 *
 * @param options - 値、図の上の範囲、軸の種類。
 * @returns 軸。
 */
export function createAxis(options: AxisOptions): Axis {
  const { values, range, kind = 'linear', nice = true, tickCount = 5, format = 'number' } = options;
  const drawable = (value: number): boolean =>
    Number.isFinite(value) && (kind === 'linear' || value > 0);
  const domain = options.domain ?? extent(values.filter(drawable), kind);
  if (kind === 'log') {
    const scale = scaleLog(domain, range);
    if (nice && !options.domain) scale.nice();
    const [low, high] = scale.domain() as [number, number];
    return {
      domain: [low, high],
      position: (value) => (drawable(value) ? scale(value) : NaN),
      ticks: logTicks(low, high).map((value) => ({ value, text: formatNumber(value, format) })),
    };
  }
  const scale = scaleLinear(domain, range);
  if (nice && !options.domain) scale.nice(tickCount);
  const tickText =
    format === 'percent'
      ? percentText(scale.tickFormat(tickCount, '%'))
      : scale.tickFormat(tickCount);
  return {
    domain: scale.domain() as [number, number],
    position: (value) => (drawable(value) ? scale(value) : NaN),
    ticks: scale.ticks(tickCount).map((value) => ({ value, text: tickText(value) })),
  };
}

/** 「10%」を、本文の書き方に合わせて「10 %」にします。 */
function percentText(format: (value: number) => string): (value: number) => string {
  return (value) => format(value).replace('%', ' %');
}

/** 値の範囲。空や 1 点だけのときも、幅のある範囲にします。 */
function extent(values: readonly number[], kind: ScaleKind): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return kind === 'log' ? [1, 10] : [0, 1];
  if (low < high) return [low, high];
  if (kind === 'log') return [low / 2, low * 2];
  const margin = Math.abs(low) * 0.5 || 0.5;
  return [low - margin, high + margin];
}

/** 対数軸の目盛り。桁が少ないときは 2 と 5 も入れ、多いときは 10 の累乗だけにします。 */
function logTicks(low: number, high: number): number[] {
  const decades = Math.log10(high / low);
  const mantissas = decades <= 2.2 ? [1, 2, 5] : [1];
  const step = Math.max(1, Math.ceil(decades / 7));
  const ticks: number[] = [];
  for (
    let exponent = Math.floor(Math.log10(low));
    10 ** exponent <= high * 1.0001;
    exponent += step
  ) {
    for (const mantissa of mantissas) {
      const value = Number(`${mantissa}e${exponent}`); // 10 ** -3 * 2 の端数を避けます
      if (value >= low * 0.9999 && value <= high * 1.0001) ticks.push(value);
    }
  }
  return ticks;
}

/**
 * 図に添える数字。
 *
 * @param value - 値。
 * @param format - 見せ方。
 * @param digits - 小数の桁数。省くと、整数はそのまま、ほかは有効数字 3 桁にします。
 * @returns `1,234`、`0.05`、`51.2 %` など。有限でなければ `なし`。
 */
export function formatNumber(
  value: number,
  format: NumberFormat = 'number',
  digits?: number,
): string {
  if (!Number.isFinite(value)) return 'なし';
  if (format === 'percent') return `${(value * 100).toFixed(digits ?? 1)} %`;
  if (digits !== undefined) return value.toFixed(digits);
  if (Number.isInteger(value) || Math.abs(value) >= 1000) {
    return Math.round(value).toLocaleString('en-US');
  }
  return formatCoordinate(Number(value.toPrecision(3))) === '0'
    ? value.toExponential(0)
    : String(Number(value.toPrecision(3)));
}
