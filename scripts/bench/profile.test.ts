import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildNetwork as buildFullyConnected } from '../../chapters/01-fully-connected/network.ts';
import { buildNetwork as buildConvolutional } from '../../chapters/02-1-cnn-cpu/network.ts';
import { engines } from '../../chapters/support/backend/engines.ts';
import { profileTable, profileTraining, type StepProfile } from './profile.ts';
import { Stopwatch } from './stopwatch.ts';

describe('部分に分ける時計', () => {
  it('部分の中の部分は内側だけに数え、まとめて測る部分の中は外側だけに数えます', async () => {
    let time = 0;
    const stopwatch = new Stopwatch(() => time);
    const pass = (ms: number): void => void (time += ms);
    stopwatch.startStep();
    pass(1);
    stopwatch.measure('外', () => {
      pass(2);
      stopwatch.measure('内', () => {
        pass(4);
      });
      pass(8);
    });
    await stopwatch.measureWhole('まとめ', () => {
      stopwatch.measure('内', () => {
        pass(16);
      });
    });
    const { total, parts } = stopwatch.endStep();
    expect(total).toBe(31);
    expect(Object.fromEntries(parts)).toEqual({ 外: 10, 内: 4, まとめ: 16 });
    stopwatch.startStep();
    expect(stopwatch.endStep()).toEqual({ total: 0, parts: new Map() });
  });

  it('中で失敗しても、数えおわります', () => {
    let time = 0;
    const stopwatch = new Stopwatch(() => time++);
    const fail = (): never => {
      throw new Error('失敗');
    };
    stopwatch.startStep();
    expect(() => stopwatch.measure('外', () => stopwatch.measure('内', fail))).toThrow('失敗');
    expect(Object.fromEntries(stopwatch.endStep().parts)).toEqual({ 外: 2, 内: 1 });
  });
});

describe.each(['wasm', 'cpu'] as const)('%s での1ステップの内訳', (id) => {
  beforeAll(async () => {
    await engines.find((engine) => engine.id === id)!.start({ allowSoftwareGpu: false });
  });

  const profile = (build: () => tf.LayersModel): Promise<StepProfile> =>
    profileTraining(
      { name: 'test', batchSize: 4, optimizer: 'momentum', build },
      { warmUp: 1, steps: 4 },
    );
  const partsOf = ({ parts }: StepProfile): Map<string, number> =>
    new Map(parts.map(({ name, ms }) => [name, ms]));

  it('全結合では、部分を足すと1ステップの時間になり、行列の積、更新、データローダーが入ります', async () => {
    const tensors = tf.memory().numTensors;
    const measured = await profile(() => buildFullyConnected());
    expect(tf.memory().numTensors).toBe(tensors);
    const sum = measured.parts.reduce((total, { ms }) => total + ms, 0);
    expect(sum).toBeCloseTo(measured.total, 9);
    const parts = partsOf(measured);
    for (const [name, ms] of parts) expect(ms, name).toBeGreaterThan(0);
    for (const name of ['行列の積(全結合)', '最適化手法(重みの更新)', 'データローダー']) {
      expect([...parts.keys()]).toContain(name);
    }
    expect([...parts.keys()].join()).not.toContain('畳み込み');
    expect(measured.parts.at(-1)?.name).toBe('その他(JavaScript の手間)');
  });

  it('畳み込みでは、畳み込みと2つの勾配、プーリングを分け、動いた回数を数えます', async () => {
    const measured = await profile(() => buildConvolutional());
    const find = (name: string): readonly string[] =>
      measured.parts.find((part) => part.name === name)?.kernels ?? [];
    expect(find('畳み込み').join()).toMatch(/^\w*Conv2D × 2$/);
    expect(find('畳み込みの勾配(フィルター)')).toEqual(['Conv2DBackpropFilter × 2']);
    // 画像についての勾配は要らないので、入力の勾配は2つ目の層だけです
    expect(find('畳み込みの勾配(入力)')).toEqual(['Conv2DBackpropInput × 1']);
    expect(find('最大プーリング')).toEqual(['MaxPool × 2']);
    expect(find('最大プーリングの勾配')).toEqual(['MaxPoolGrad × 2']);
  });

  it('終わると、カーネルはもとに戻ります', async () => {
    const functions = (): unknown[] =>
      tf.getKernelsForBackend(id).map(({ kernelFunc }) => kernelFunc);
    const before = functions();
    await profile(() => buildFullyConnected());
    expect(functions()).toEqual(before);
  });
});

describe('内訳の表', () => {
  it('時間、割合、棒、カーネルを並べ、終わりに合計を書きます', () => {
    const parts = [
      { name: '行列の積', ms: 1.5, kernels: ['LeanDense × 3', 'BatchMatMul × 5'] },
      { name: 'その他', ms: 0.5, kernels: [] },
    ];
    expect(profileTable({ total: 2, parts })).toEqual([
      '行列の積                          1.500 ms   75.0 %  ███████████████       LeanDense × 3、BatchMatMul × 5',
      'その他                            0.500 ms   25.0 %  █████',
      '---------------------------------------------------',
      '1ステップ                         2.000 ms  100.0 %',
    ]);
  });
});
