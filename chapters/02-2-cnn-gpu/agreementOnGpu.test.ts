import { expect, it } from 'vitest';
import { apart, findAdapter, needGpu } from '../support/backend/gpuForTests.ts';
import { agreementTolerance, largestDifference } from './agreement.ts';
import { compareDevices, type Comparison } from './agreementForTests.ts';

const adapter = await findAdapter();
const module = new URL('agreementForTests.ts', import.meta.url).href;

it('CPU と GPU は、同じ種と同じデータなら、50 ステップの損失が 1e-3 まで同じで、ドロップアウトも同じ値を 0 にする', async (context) => {
  needGpu(context, adapter);
  // Adam と RMSprop は、ごく小さな勾配も同じ大きさの歩みに変えるので、計算の順番のずれが広がることがあります
  const choices = [
    { optimizer: 'momentum', batchSize: 4, learningRate: 0.001 },
    { optimizer: 'momentum', batchSize: 8, learningRate: 0.02 },
  ];
  const results = await apart(compareDevices.name, JSON.stringify(choices), module);
  const { cpu, gpu } = results as Comparison;
  expect(cpu.losses).toHaveLength(choices.length);
  for (const [i, losses] of cpu.losses.entries()) {
    expect(losses).toHaveLength(50);
    expect(Math.max(...losses) - Math.min(...losses)).toBeGreaterThan(0.01); // 動いている
    expect(largestDifference(losses, gpu.losses[i]!)).toBeLessThan(agreementTolerance);
  }
  expect(gpu.dropped).toEqual(cpu.dropped);
  expect(cpu.dropped[0]).not.toEqual(cpu.dropped[1]); // 呼ぶたびに違う
  expect(new Set(cpu.dropped.flat())).toEqual(new Set([0, 2]));
});
