import { describeMachine, formatCount, padDisplay, today } from '#platform';
import type { DeviceReport } from '../support/backend/index.ts';
import type { RecordValue } from '../support/chapter.ts';
import type { ReportTarget } from '../support/reports.ts';
import {
  timingTable,
  widthBatchSize,
  type DeviceTimes,
  type GpuSide,
  type GpuSource,
} from './study.ts';
import { buildWideNetwork, crossingPoint, timingChart, type Sweep } from './timing.ts';

const sweeps = [
  { key: 'batch', what: 'バッチサイズ' },
  { key: 'width', what: 'モデルの幅' },
] as const;

/**
 * 今測った GPU を、記録と同じ形で表します。
 *
 * @param report - `useDevice` の報告。
 * @returns 名前、機械、日付。
 */
export function describeGpu(report: DeviceReport): GpuSource {
  const { cpu, cores, platform } = describeMachine();
  return {
    source: 'measured',
    name: report.gpu ?? report.engine,
    software: report.software === true,
    machine: `${cpu}, ${cores} コア, ${platform}`,
    date: today(),
  };
}

/**
 * 測った時間を、表と図にし、`timing` の名前で記録します。
 *
 * @param target - 記録と図の行き先。
 * @param cpu - CPU の時間。
 * @param gpu - 並べる GPU の時間。なければ CPU だけを見せます。
 */
export async function reportTiming(
  target: ReportTarget,
  cpu: DeviceTimes,
  gpu: GpuSide | undefined,
): Promise<void> {
  const kind = gpu?.origin.software === true ? 'ソフトウェアの GPU' : 'GPU';
  const gpuName = gpu?.origin.source === 'recorded' ? `${kind}(記録)` : kind;
  if (gpu === undefined) {
    target.print('GPU の時間は、測っていません。');
  } else if (gpu.origin.source === 'recorded') {
    const { name, machine, date } = gpu.origin;
    target.print(`GPU の列は、${date} に別の実行で記録した「${name}」の時間です(${machine})。`);
  } else {
    target.print(`GPU は「${gpu.origin.name}」です。`);
  }
  if (gpu?.origin.software === true) {
    target.print('これは GPU のまねをするソフトウェアで、本物の GPU の速さではありません。');
  }
  const columns = (pick: (times: DeviceTimes) => Sweep): { name: string; times: Sweep }[] => [
    { name: 'CPU', times: pick(cpu) },
    ...(gpu === undefined ? [] : [{ name: gpuName, times: pick(gpu.times) }]),
  ];
  target.print('\n1ステップの時間。中央値(四分位数)');
  const batchColumns = columns((times) => times.batch);
  target.print(timingTable('バッチサイズ', batchColumns).join('\n'));
  target.print(`\nモデルの幅を変えたとき(バッチサイズ ${widthBatchSize})`);
  const widthColumns = columns((times) => times.width);
  target.print(timingTable('モデルの幅', widthColumns).join('\n'));
  for (const { key, what } of sweeps) {
    for (const { name, times } of columns((t) => t[key])) {
      if (times.stoppedAfter === undefined) continue;
      target.print(
        `${name}: ${what} ${formatCount(times.stoppedAfter)} で1ステップが 1.5 秒を超えたので、その先は測っていません。`,
      );
    }
  }
  target.print('\n決まった時間と、1枚ごとの時間(直線を当てはめた値)');
  const sides = [
    { name: 'CPU', times: cpu },
    ...(gpu === undefined ? [] : [{ name: gpuName, times: gpu.times }]),
  ];
  for (const { name, times } of sides) {
    const text =
      times.fit === undefined
        ? '(バッチサイズを 2 つ以上測ると分かります)'
        : `${times.fit.fixed.toFixed(2)} ms + ${times.fit.perImage.toFixed(4)} ms × 枚数`;
    target.print(`  ${padDisplay(name, 26)} ${text}`);
  }
  target.print('\nミニバッチを送り、数を1つ受けとる時間');
  for (const { name, times } of sides) {
    const parts = times.transfer.sizes.map(
      (size, i) => `${formatCount(size)} 枚 ${times.transfer.median[i]!.toFixed(2)} ms`,
    );
    target.print(`  ${padDisplay(name, 26)} ${parts.join('、')}`);
  }
  const crossing = gpu && crossingPoint(cpu.batch, gpu.times.batch);
  if (gpu !== undefined) {
    target.print(
      crossing === undefined
        ? `\n測った範囲では、「${gpuName}」は CPU に追いつきませんでした。`
        : crossing === cpu.batch.sizes[0]
          ? `\nいちばん小さいバッチサイズ ${crossing} で、もう「${gpuName}」のほうが速いです。`
          : `\nバッチサイズ 約 ${Math.round(crossing)} で、「${gpuName}」が CPU に追いつきます。`,
    );
  }
  record(target, cpu, gpu, crossing);
  await saveCharts(target, cpu, gpu, gpuName);
}

function record(
  target: ReportTarget,
  cpu: DeviceTimes,
  gpu: GpuSide | undefined,
  crossing: number | undefined,
): void {
  const both = (pick: (times: DeviceTimes) => RecordValue): RecordValue => ({
    cpu: pick(cpu),
    gpu: gpu && pick(gpu.times),
  });
  const parameters = cpu.width.sizes.map((width) => {
    const network = buildWideNetwork(width);
    const count = network.countParams();
    network.dispose();
    return count;
  });
  target.record('timing', {
    batch: { ...(both((times) => ({ ...times.batch })) as object), sizes: cpu.batch.sizes },
    width: {
      ...(both((times) => ({ ...times.width })) as object),
      widths: cpu.width.sizes,
      parameters,
    },
    fit: both((times) => times.fit && { ...times.fit }),
    transfer: both((times) => ({ ...times.transfer })),
    crossing,
    gpu: gpu && { ...gpu.origin },
  });
}

async function saveCharts(
  target: ReportTarget,
  cpu: DeviceTimes,
  gpu: GpuSide | undefined,
  name: string,
): Promise<void> {
  const charts = [
    { file: 'timing-batch.svg', key: 'batch', what: 'バッチサイズ' },
    { file: 'timing-width.svg', key: 'width', what: 'モデルの幅(倍)' },
  ] as const;
  for (const { file, key, what } of charts) {
    const svg = timingChart({
      title: `${what.replace('(倍)', '')}と、1ステップの時間`,
      xLabel: what,
      cpu: cpu[key],
      gpu: gpu && { name, sweep: gpu.times[key] },
    });
    await target.saveFigure(file, svg, {
      alt: `${what}に対する1ステップの時間の両対数グラフ。${gpu === undefined ? 'CPU だけの線です。' : `CPU と${name}の 2 本の線です。`}`,
      caption: `${what}と、1ステップの時間(縦も横も、1目盛りごとに 10 倍)`,
    });
  }
}
