import * as tf from '@tensorflow/tfjs';
import { now, yieldToEvents } from '#platform';
import { buildNetwork } from '../02-1-cnn-cpu/network.ts';
import { quantile, timeTrainingStep, type TimingLimits } from '../support/backend/timing.ts';
import { lineChart, type LineSeries } from '../support/figures/index.ts';

// #region limits
const limits: TimingLimits = {
  warmUp: 3, //        はじめの3回は、準備(メモリーの確保、GPU 用の命令の翻訳)で遅いので捨てる
  warmUpTime: 500, //  速い計算は、機械語への翻訳が終わるまで 0.5 秒続けて捨てる
  minSteps: 5, //      遅くても、これだけは測る
  maxSteps: 15, //     速ければ、ここまで測る
  timeLimit: 1500, //  1つの組にかける時間の目安(ミリ秒)
};
const tooSlow = 1500; // 1ステップがこれより遅くなったら、もっと大きい組は測らない(ミリ秒)
// #endregion

/**
 * ミニバッチを送り、数を1つ受けとるだけの時間を測ります。計算はほとんどしません。
 *
 * @param batchSize - ミニバッチの枚数 N。
 * @returns 中央値(ミリ秒)。
 */
export async function measureTransfer(batchSize: number): Promise<number> {
  const pixels = new Float32Array(batchSize * 32 * 32 * 3).fill(0.5);
  const times: number[] = [];
  for (let i = 0; i < limits.warmUp + 9; i++) {
    const started = now();
    const images = tf.tensor4d(pixels, [batchSize, 32, 32, 3]);
    const corner = tf.slice(images, [0, 0, 0, 0], [1, 1, 1, 1]); // 送らないと計算できない
    await corner.data();
    if (i >= limits.warmUp) times.push(now() - started);
    tf.dispose([images, corner]);
  }
  return quantile(times, 0.5);
}

/** 大きさを変えながら測った時間。どの並びも、測った組の数だけあります。 */
export interface Sweep {
  /** 変えた大きさ(バッチサイズか、モデルの幅)。 */
  sizes: number[];
  /** 中央値(ミリ秒)。 */
  median: number[];
  /** 下から 4 分の 1 の値(ミリ秒)。 */
  low: number[];
  /** 上から 4 分の 1 の値(ミリ秒)。 */
  high: number[];
  /** 1ステップが遅くなりすぎて、ここより大きい組を測らなかったとき、その大きさ。 */
  stoppedAfter?: number;
}

/**
 * 大きさを順に変えながら、1ステップの時間を測ります。
 *
 * @param sizes - 小さい順に並べた大きさ。
 * @param prepare - 大きさから、バッチサイズと、ネットワークを作る関数を決める関数。
 * @param onPoint - 1つ測り終えるたびに呼ぶ関数。Ctrl-C を見たいときは、ここで例外を投げます。
 * @returns 測った時間。
 */
export async function sweep(
  sizes: readonly number[],
  prepare: (size: number) => { build: () => tf.LayersModel; batchSize: number },
  onPoint: (size: number) => void,
): Promise<Sweep> {
  const result: Sweep = { sizes: [], median: [], low: [], high: [] };
  for (const size of sizes) {
    const time = await timeTrainingStep({ ...prepare(size), optimizer: 'momentum' }, limits);
    result.sizes.push(size);
    result.median.push(time.median);
    result.low.push(time.low);
    result.high.push(time.high);
    await yieldToEvents();
    onPoint(size);
    if (time.median > tooSlow && size !== sizes.at(-1)) {
      result.stoppedAfter = size;
      break;
    }
  }
  return result;
}

/**
 * 上限まで、2 倍ずつ増やした並びを作ります。
 *
 * @param first - はじめの大きさ。
 * @param max - 上限。
 * @returns [first, 2 × first, 4 × first, …]。
 */
export function doublings(first: number, max: number): number[] {
  const sizes: number[] = [];
  for (let size = first; size <= max; size *= 2) sizes.push(size);
  return sizes;
}

/**
 * フィルターとニューロンの数を、どれも width 倍にした 02-1 のネットワークを作ります。
 *
 * @param width - 倍率。
 * @returns 入力 [N, 32, 32, 3]、出力 logits [N, 10] のモデル。
 */
export function buildWideNetwork(width: number): tf.Sequential {
  return buildNetwork(1, {
    filters: [6 * width, 16 * width],
    units: [128 * width, 64 * width],
  });
}

// #region fit
/** 1ステップの時間を「決まった時間 + 1枚ごとの時間 × 枚数」と見たときの、2つの時間(ミリ秒)。 */
export interface LineFit {
  /** 枚数によらずかかる時間。 */
  fixed: number;
  /** 1枚増えるごとに増える時間。 */
  perImage: number;
}

/**
 * 測った時間に、いちばんよく合う直線を求めます。
 *
 * ずれを割合(測った時間の何 %)で数えます。そのままのずれでは、いちばん大きいバッチの時間だけに
 * 合わせることになり、決まった時間が読みとれないからです。
 *
 * @param sizes - バッチサイズ。[K]。
 * @param times - 1ステップの時間(ミリ秒)。[K]。
 * @returns 直線の切片と傾き。点が 2 つに足りなければ undefined。
 */
export function fitLine(sizes: readonly number[], times: readonly number[]): LineFit | undefined {
  if (sizes.length < 2) return undefined;
  // Σ ((fixed + perImage × n − t) / t)² を最小にする。重み 1/t² の最小二乗法
  let [s, sn, snn, st, snt] = [0, 0, 0, 0, 0];
  sizes.forEach((n, i) => {
    const t = times[i]!;
    const w = 1 / (t * t);
    s += w;
    sn += w * n;
    snn += w * n * n;
    st += w * t;
    snt += w * n * t;
  });
  const determinant = s * snn - sn * sn;
  return {
    fixed: (snn * st - sn * snt) / determinant,
    perImage: (s * snt - sn * st) / determinant,
  };
}
// #endregion

/**
 * GPU が CPU に追いつく大きさを探します。測った点の間は、両対数グラフの上の直線で補います。
 *
 * @param cpu - CPU の時間。
 * @param gpu - GPU の時間。
 * @returns 追いつく大きさ。測った範囲で追いつかなければ undefined。はじめから速ければ、いちばん小さい大きさ。
 */
export function crossingPoint(cpu: Sweep, gpu: Sweep): number | undefined {
  const shared = cpu.sizes.flatMap((size, i) => {
    const j = gpu.sizes.indexOf(size);
    return j < 0 ? [] : [{ size, lead: Math.log(gpu.median[j]! / cpu.median[i]!) }];
  });
  const first = shared.findIndex(({ lead }) => lead <= 0); // はじめて GPU が速い点
  if (first < 0) return undefined;
  const after = shared[first]!;
  const before = shared[first - 1];
  if (before === undefined) return after.size;
  const share = before.lead / (before.lead - after.lead);
  return before.size * (after.size / before.size) ** share;
}

/** {@link timingChart} の設定。 */
export interface TimingChartOptions {
  /** 図の題。 */
  title: string;
  /** 横軸の名前。 */
  xLabel: string;
  /** CPU の時間。 */
  cpu: Sweep;
  /** 並べる GPU の時間と、凡例に出す名前。 */
  gpu?: { name: string; sweep: Sweep } | undefined;
}

/**
 * 大きさに対する1ステップの時間を、両対数グラフにします。
 *
 * @param options - 題と、CPU と GPU の時間。
 * @returns SVG。
 */
export function timingChart({ title, xLabel, cpu, gpu }: TimingChartOptions): string {
  const line = (name: string, times: Sweep): LineSeries => ({
    name,
    x: times.sizes,
    y: times.median,
    spread: { low: times.low, high: times.high },
  });
  const series = [line('CPU', cpu)];
  if (gpu !== undefined) {
    series.push(line(gpu.name, gpu.sweep));
    const crossing = crossingPoint(cpu, gpu.sweep);
    if (crossing !== undefined) {
      series.push({
        name: `追いつくところ(約 ${Math.round(crossing)})`,
        x: [crossing],
        y: [timeAt(cpu, crossing)],
      });
    }
  }
  return lineChart({
    ...{ title, xLabel, series },
    yLabel: '1ステップの時間(ミリ秒)',
    xScale: 'log',
    yScale: 'log',
  });
}

/** 測った点の間の時間を、両対数グラフの上の直線で補います。 */
function timeAt({ sizes, median }: Sweep, size: number): number {
  const i = sizes.findIndex((one) => one >= size);
  if (sizes[i] === size) return median[i]!;
  const [n0, n1, t0, t1] = [sizes[i - 1]!, sizes[i]!, median[i - 1]!, median[i]!];
  return t0 * (t1 / t0) ** (Math.log(size / n0) / Math.log(n1 / n0));
}
