import { describe, it } from 'vitest';
import {
  buildWithin,
  checkAccuracy,
  checkSeeded,
  prepareData,
  readSettings,
  runExperiment,
  useFastTensors,
} from '../support/grading/experiments.ts';
import { buildNetwork, chooseSettings } from './12-experiment-convolution.ts';

useFastTensors();

const budget = { multiplications: 700_000, parameters: 100_000 };

// 01-24 の全結合は、30 通りほど試して 41.8 % と 36.2 % まで。解答の畳み込みは 45.6 % と 52.8 % です
const goals = { cifar10: 0.42, shapes10: 0.45 };

describe('畳み込みの実験', () => {
  it('例のように、形の合うネットワークを、限度の中で作る', () => {
    buildWithin(buildNetwork, budget);
  });

  it('学習の設定が使える', () => {
    readSettings(chooseSettings);
  });

  it('同じ種なら、同じ重みから始まる', () => {
    checkSeeded(buildNetwork);
  });

  it('テストの正解率が、全結合の限界を超える', async () => {
    const network = buildWithin(buildNetwork, budget);
    const settings = readSettings(chooseSettings);
    const data = await prepareData({ train: 2500, test: 1000 });
    checkAccuracy(await runExperiment(network, settings, data, 3), goals);
  });
});
