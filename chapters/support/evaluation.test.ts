import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { createShapes10 } from '../../datasets/shapes10.ts';
import { evaluateAll } from './evaluation.ts';
import { dense } from './layers.ts';
import { transform } from './trainingSetup.ts';

describe('データセット全体の成績', () => {
  it.each([30, 620])(
    '%d 枚でも(1つのミニバッチより少なくても、端数があっても)全部を測る',
    async (size) => {
      await tf.setBackend('cpu');
      const { testSet } = createShapes10({ trainSize: 10, testSize: size });
      // 重みが 0 なので、どの画像にも、どのクラスも同じ確からしさと答える
      const network = tf.sequential({
        layers: [tf.layers.flatten({ inputShape: [32, 32, 3] }), dense(3072, 10, { seed: 1 })],
      });
      tf.tidy(() => {
        network.setWeights([tf.zeros([3072, 10]), tf.zeros([10])]);
      });
      const { predictions, accuracy, loss } = await evaluateAll(network, testSet, transform);
      expect(predictions).toHaveLength(size);
      expect(accuracy).toBeCloseTo(testSet.labels.filter((label) => label === 0).length / size, 10);
      expect(loss).toBeCloseTo(Math.log(10), 5);
      network.dispose();
    },
  );
});
