/**
 * 学習の途中で GPU が使えなくなったときを試すプログラムです。テストが別のプロセスで動かします。
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs';
import { buildNetwork } from '../../01-fully-connected/network.ts';
import { trainNetwork } from '../../02-1-cnn-cpu/training.ts';
import { createDataLoader, loadDataset } from '../../../datasets/index.ts';
import { startChapter } from '../chapter.ts';
import { transform } from '../trainingSetup.ts';
import { useDevice } from './index.ts';

const chapter = startChapter({ id: 'lost-gpu', title: '失われる GPU', options: {} });
await useDevice('gpu', { allowSoftwareGpu: true });
const { trainSet } = await loadDataset('shapes10');
const loader = createDataLoader(trainSet, { batchSize: 4, transform });
const network = buildNetwork('relu');
const progress = chapter.trainingProgress(loader.numBatches);
let steps = 0;
await trainNetwork(
  network,
  loader,
  { numEpochs: 1, optimizer: 'momentum', learningRate: 0.001, schedule: 'constant' },
  {
    step: async (loss) => {
      // 本物の GPU が抜けたりドライバーが止まったりしたときと同じ知らせが届きます
      if (++steps === 3) {
        (tf.backend() as unknown as { device: { destroy(): void } }).device.destroy();
      }
      await progress.step(loss);
    },
  },
  (epoch) => {
    chapter.print(`エポック ${epoch} が終わりました。`);
  },
);
chapter.print('学習が終わりました。');
