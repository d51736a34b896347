import { describe, it } from 'vitest';
import { useTensors } from '#grading/tensors';
import {
  buildWithin,
  checkEpochs,
  checkGap,
  checkSeeded,
  prepareData,
  readSettings,
  runExperiment,
} from '../support/grading/experiments.ts';
import { buildNetwork, chooseSettings } from './11-experiment-overfitting.ts';

useTensors('fast');

const budget = { multiplications: 800_000, parameters: 100_000 };

// はじめの設定では、差が 41.7 と 23.9 ポイント、テストの正解率が 42.0 % と 67.4 % でした。
// 解答では、差が 14.1 と 13.0 ポイント、テストの正解率が 38.9 % と 53.4 % です
const goals = {
  cifar10: { accuracy: 0.35, gap: 0.2 },
  shapes10: { accuracy: 0.5, gap: 0.17 },
};

describe('過学習の実験', () => {
  it('例のように、形の合うネットワークを、限度の中で作る', () => {
    buildWithin(buildNetwork, budget);
  });

  it('学習の設定が使える', () => {
    checkEpochs(readSettings(chooseSettings).numEpochs, 16);
  });

  it('同じ種なら、同じ重みから始まる', () => {
    checkSeeded(buildNetwork);
  });

  it('テストの正解率を保ったまま、学習データとの差を縮める', async () => {
    const network = buildWithin(buildNetwork, budget);
    const settings = readSettings(chooseSettings);
    checkEpochs(settings.numEpochs, 16);
    const data = await prepareData({ train: 1000, test: 1500 });
    checkGap(await runExperiment(network, settings, data, settings.numEpochs), goals);
  });
});
