import {
  createProgress,
  formatCount,
  InterruptedError,
  OutOfMemoryError,
  padDisplay,
  UserError,
} from '#platform';
import { buildNetwork } from '../02-1-cnn-cpu/network.ts';
import { explainFailure } from '../support/backend/index.ts';
import { readRecordedValues } from '../support/recordedValues.ts';
import {
  buildWideNetwork,
  doublings,
  fitLine,
  measureTransfer,
  sweep,
  type LineFit,
  type Sweep,
} from './timing.ts';

/** 1つの装置で測った時間の全部。 */
export interface DeviceTimes {
  /** バッチサイズを変えて測った時間。 */
  batch: Sweep;
  /** モデルの幅を変えて測った時間(バッチサイズは {@link widthBatchSize})。 */
  width: Sweep;
  /** バッチサイズの時間に合わせた直線。バッチサイズを 1 つしか測らなければ undefined。 */
  fit: LineFit | undefined;
  /** いちばん小さいバッチといちばん大きいバッチ(同じなら 1 つ)を送り、数を1つ受けとる時間(ミリ秒)。 */
  transfer: { sizes: number[]; median: number[] };
}

/** GPU の時間がどこから来たか。 */
export interface GpuSource {
  /** 今測ったか、記録から読んだか。 */
  source: 'measured' | 'recorded';
  /** GPU の名前。 */
  name: string;
  /** GPU のまねをするソフトウェアか。 */
  software: boolean;
  /** 測った機械。 */
  machine: string;
  /** 測った日。 */
  date: string;
}

/** 並べる GPU の時間と、それがどこから来たか。 */
export interface GpuSide {
  /** 測った時間。 */
  times: DeviceTimes;
  /** どこから来たか。 */
  origin: GpuSource;
}

/** モデルの幅を変えるときのバッチサイズ。 */
export const widthBatchSize = 32;

/**
 * 今選ばれている装置で、バッチサイズとモデルの幅を変えながら時間を測ります。
 *
 * @param label - 画面に出す装置の名前。
 * @param limits - バッチサイズと幅の上限。
 * @param signal - Ctrl-C の合図。
 * @returns 測った時間。
 * @throws InterruptedError Ctrl-C が押されたとき。
 * @throws UserError メモリーが足りないとき、GPU が途中で使えなくなったとき。
 */
export async function measureDevice(
  label: string,
  limits: { maxBatch: number; maxWidth: number },
  signal: AbortSignal,
): Promise<DeviceTimes> {
  const batchSizes = doublings(4, limits.maxBatch);
  const widths = doublings(1, limits.maxWidth);
  // 時間は大きさにほぼ比例するので、進み具合も大きさで数えます
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  const widthCost = (width: number): number => widthBatchSize * width ** 1.5;
  const progress = createProgress({
    label: `${label} の時間を測る`,
    total: Math.round(sum(batchSizes) + sum(widths.map(widthCost))),
  });
  let done = 0;
  const advance = (cost: number): void => {
    done += cost;
    progress.update(Math.round(done));
    if (!signal.aborted) return;
    throw new InterruptedError('時間を測り終えていないので、結果はありません。');
  };
  try {
    const batch = await sweep(
      batchSizes,
      (batchSize) => ({ build: () => buildNetwork(), batchSize }),
      advance,
    );
    const width = await sweep(
      widths,
      (size) => ({ build: () => buildWideNetwork(size), batchSize: widthBatchSize }),
      (size) => {
        advance(widthCost(size));
      },
    );
    const sizes = [...new Set([batch.sizes[0]!, batch.sizes.at(-1)])];
    const median: number[] = [];
    for (const size of sizes) median.push(await measureTransfer(size));
    return { batch, width, fit: fitLine(batch.sizes, batch.median), transfer: { sizes, median } };
  } catch (error) {
    const explained = explainFailure(error);
    if (!(explained instanceof OutOfMemoryError)) throw explained;
    throw new UserError(
      explained.message,
      `--max-batch(今は ${limits.maxBatch})か --max-width(今は ${limits.maxWidth})を小さくしてください。`,
      { cause: error },
    );
  } finally {
    progress.stop();
  }
}

interface RecordedTiming {
  timing: {
    batch: { gpu: Sweep };
    width: { gpu: Sweep };
    fit: { gpu?: LineFit };
    transfer: { gpu: DeviceTimes['transfer'] };
    gpu: GpuSource;
  };
}

/**
 * リポジトリに記録してある GPU の時間を読みます。本物の GPU の記録がなければ、まねをするソフトウェアの記録です。
 *
 * @returns 時間と、それがどこから来たか。どちらの記録もなければ undefined。
 */
export async function readRecordedGpu(): Promise<GpuSide | undefined> {
  for (const run of ['gpu', 'software-gpu']) {
    const recorded = await readRecordedValues('02-2-cnn-gpu', run);
    if (recorded === undefined) continue;
    const { timing } = recorded.values as unknown as RecordedTiming;
    return {
      times: {
        batch: timing.batch.gpu,
        width: timing.width.gpu,
        fit: timing.fit.gpu,
        transfer: timing.transfer.gpu,
      },
      origin: { ...timing.gpu, source: 'recorded', machine: recorded.machine, date: recorded.date },
    };
  }
  return undefined;
}

/** 表にする装置。 */
export interface TableColumn {
  /** 見出し。 */
  name: string;
  /** 時間。 */
  times: Sweep;
}

/**
 * 大きさごとの時間を表にします。2つの装置を並べると、速さの比も書きます。
 *
 * @param sizeName - 大きさの名前(「バッチサイズ」など)。
 * @param columns - 装置。1つか2つで、はじめのものが CPU です。
 * @returns 表の行。
 */
export function timingTable(sizeName: string, columns: readonly TableColumn[]): string[] {
  // 遅くて途中でやめた装置があっても、もう片方で測った行は残します
  const sizes = [...new Set(columns.flatMap(({ times }) => times.sizes))].sort((a, b) => a - b);
  const cell = (text: string, width = 26): string => padDisplay(text, width, 'right');
  const lines = [
    padDisplay(sizeName, 14) +
      columns.map(({ name }) => cell(name)).join('') +
      (columns.length === 2 ? cell('CPU ÷ GPU', 12) : ''),
  ];
  for (const size of sizes) {
    const places = columns.map(({ times }) => times.sizes.indexOf(size));
    const cells = columns.map(({ times }, column) => {
      const place = places[column]!;
      return cell(place < 0 ? '—' : timeText(times, place));
    });
    const [cpuTime, gpuTime] = columns.map(({ times }, column) => times.median[places[column]!]);
    const ratio = cpuTime === undefined || gpuTime === undefined ? undefined : cpuTime / gpuTime;
    lines.push(
      padDisplay(formatCount(size), 14) +
        cells.join('') +
        (columns.length === 2 ? cell(ratio === undefined ? '—' : ratio.toFixed(2), 12) : ''),
    );
  }
  return lines;
}

/** `3.4 ms(3.3〜3.6)` のような、中央値と四分位数。 */
function timeText({ median, low, high }: Sweep, i: number): string {
  const show = (value: number): string => value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
  return `${show(median[i]!)} ms(${show(low[i]!)}〜${show(high[i]!)})`;
}
