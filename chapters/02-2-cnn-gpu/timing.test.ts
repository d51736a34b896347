import { beforeAll, describe, expect, it } from 'vitest';
import { useDevice } from '../support/backend/index.ts';
import { timingTable } from './study.ts';
import {
  buildWideNetwork,
  crossingPoint,
  doublings,
  fitLine,
  measureTransfer,
  sweep,
  timingChart,
  type Sweep,
} from './timing.ts';

function times(sizes: number[], median: number[]): Sweep {
  return { sizes, median, low: median.map((t) => t * 0.9), high: median.map((t) => t * 1.2) };
}

describe('直線の当てはめ', () => {
  it('直線の上にある時間からは、その切片と傾きが求まる', () => {
    const sizes = [4, 8, 64, 1024];
    const fit = fitLine(
      sizes,
      sizes.map((n) => 2.5 + 0.04 * n),
    );
    expect(fit?.fixed).toBeCloseTo(2.5, 8);
    expect(fit?.perImage).toBeCloseTo(0.04, 10);
  });

  it('いちばん大きいバッチが外れても、小さいバッチの決まった時間を読みとれる', () => {
    const sizes = [4, 8, 16, 32, 1024];
    const measured = sizes.map((n) => 10 + 0.1 * n);
    measured[4]! *= 1.3; // 大きいところだけ 3 割遅い
    expect(fitLine(sizes, measured)?.fixed).toBeGreaterThan(8);
  });

  it('1つの大きさだけでは、直線は決まらない', () => {
    expect(fitLine([4], [3])).toBeUndefined();
  });
});

describe('追いつくところ', () => {
  const cpu = times([4, 8, 16, 32], [1, 2, 4, 8]);

  it('測った点の間は、両対数グラフの上の直線で補う', () => {
    // CPU は n/4、GPU は 3 で一定。n = 12 で等しくなる
    expect(crossingPoint(cpu, times([4, 8, 16, 32], [3, 3, 3, 3]))).toBeCloseTo(12, 8);
  });

  it('追いつかなければ undefined、はじめから速ければいちばん小さい大きさ', () => {
    expect(crossingPoint(cpu, times([4, 8, 16, 32], [9, 9, 9, 9]))).toBeUndefined();
    expect(crossingPoint(cpu, times([4, 8, 16, 32], [0.5, 0.5, 0.5, 0.5]))).toBe(4);
  });

  it('途中で測るのをやめていても、両方にある大きさだけで比べる', () => {
    expect(crossingPoint(cpu, times([4, 8], [3, 1.5]))).toBeGreaterThan(4);
    expect(crossingPoint(cpu, times([64], [1]))).toBeUndefined();
  });

  it('図に、追いつくところの大きさを書く', () => {
    const sweepOfGpu = times([4, 8, 16, 32], [3, 3, 3, 3]);
    const options = { title: '時間', xLabel: 'バッチサイズ', cpu };
    const svg = timingChart({ ...options, gpu: { name: 'GPU', sweep: sweepOfGpu } });
    expect(svg).toContain('追いつくところ(約 12)');
    expect(timingChart(options)).not.toContain('追いつくところ');
    // 1つの大きさだけを測り、はじめから GPU が速いとき
    const one = { ...options, cpu: times([4], [2]), gpu: { name: 'GPU', sweep: times([4], [1]) } };
    expect(timingChart(one)).not.toContain('NaN');
  });
});

describe('表', () => {
  it('中央値と四分位数を並べ、測っていない組は — にする', () => {
    const lines = timingTable('バッチサイズ', [
      { name: 'CPU', times: times([4, 8], [1, 20]) },
      { name: 'GPU', times: times([4], [2]) },
    ]);
    expect(lines[0]).toMatch(/バッチサイズ\s+CPU\s+GPU\s+CPU ÷ GPU/);
    expect(lines[1]).toMatch(/4\s+1\.00 ms\(0\.90〜1\.20\)\s+2\.00 ms\(1\.80〜2\.40\)\s+0\.50/);
    expect(lines[2]).toMatch(/8\s+20\.0 ms\(18\.0〜24\.0\)\s+—\s+—/);
  });

  it('CPU が途中でやめていても、GPU で測った行を残す', () => {
    const lines = timingTable('バッチサイズ', [
      { name: 'CPU', times: times([4], [1]) },
      { name: 'GPU', times: times([4, 8], [2, 3]) },
    ]);
    expect(lines[2]).toMatch(/8\s+—\s+3\.00 ms\(2\.70〜3\.60\)\s+—/);
  });
});

describe('時間を測る', () => {
  beforeAll(async () => {
    await useDevice('cpu');
  });

  it('4 から 2 倍ずつ、上限まで増やす', () => {
    expect(doublings(4, 1024)).toEqual([4, 8, 16, 32, 64, 128, 256, 512, 1024]);
    expect(doublings(1, 6)).toEqual([1, 2, 4]);
  });

  it('幅を 2 倍にすると、フィルターもニューロンも 2 倍になる', () => {
    const network = buildWideNetwork(2);
    const expected = [75 * 12 + 12, 300 * 32 + 32, 800 * 256 + 256, 256 * 128 + 128, 128 * 10 + 10];
    expect(network.countParams()).toBe(expected.reduce((sum, count) => sum + count, 0));
    network.dispose();
  });

  it('大きいバッチほど時間がかかり、中央値は四分位数の間にあり、テンソルが残らない', async () => {
    const tensors = (await import('@tensorflow/tfjs')).memory().numTensors;
    const seen: number[] = [];
    const result = await sweep(
      [4, 128],
      (batchSize) => ({ build: () => buildWideNetwork(1), batchSize }),
      (size) => seen.push(size),
    );
    expect(seen).toEqual([4, 128]);
    expect(result.low[0]).toBeLessThanOrEqual(result.median[0]!);
    expect(result.median[0]).toBeLessThanOrEqual(result.high[0]!);
    expect(result.median[1]).toBeGreaterThan(result.median[0]!);
    expect(await measureTransfer(4)).toBeGreaterThan(0);
    expect((await import('@tensorflow/tfjs')).memory().numTensors).toBe(tensors);
  });
});
