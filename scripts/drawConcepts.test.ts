import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot, writeFileAtomic } from '#platform';
import { drawFigures, findDifferences } from './drawConcepts.ts';

const drawn = drawFigures();
const filesOf = (chapter: string): string[] =>
  drawn
    .filter((figure) => figure.folder === `chapters/${chapter}/figures`)
    .map((figure) => figure.file)
    .sort();
let root = '';

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'concepts-'));
  for (const { folder, file, content } of drawn) {
    await writeFileAtomic(join(root, folder, file), content);
  }
});

afterAll(async () => {
  await rm(root, { recursive: true });
});

describe('考え方の図を描くコマンド', () => {
  it('リポジトリに置いてある図は、今のコードが描く図と同じ', async () => {
    expect(await findDifferences(projectRoot, drawn)).toEqual([]);
  });

  it('00 の本文が使う 7 枚の図を描く', () => {
    expect(filesOf('00-introduction')).toEqual([
      'course-map.svg',
      'four-steps.svg',
      'genres-tasks.svg',
      'nesting.svg',
      'normalization.svg',
      'tensor-shapes.svg',
      'train-test-split.svg',
    ]);
  });

  it('01 の本文が使う 10 枚の図を描く', () => {
    expect(filesOf('01-fully-connected')).toEqual([
      'activations.svg',
      'collapse.svg',
      'cross-entropy.svg',
      'flatten.svg',
      'four-steps.svg',
      'loss-landscape.svg',
      'network.svg',
      'neuron.svg',
      'shapes10-samples.png',
      'training-loop.svg',
    ]);
  });

  it('02-1 の本文が使う 9 枚の図を描く', () => {
    expect(filesOf('02-1-cnn-cpu')).toEqual([
      'channels.svg',
      'edge-filters.svg',
      'max-pooling.svg',
      'output-size.svg',
      'receptive-field.svg',
      'shape-flow.svg',
      'sliding-filter.svg',
      'sliding-steps.svg',
      'weight-sharing.svg',
    ]);
  });

  it('02-2 の本文が使う 6 枚の図を描く', () => {
    expect(filesOf('02-2-cnn-gpu')).toEqual([
      'cpu-gpu.svg',
      'dropout.svg',
      'fair-clock.svg',
      'launch-overhead.svg',
      'overfitting.svg',
      'weight-decay.svg',
    ]);
  });

  it('手で直した図、消えた図、余った図を見つけて、名前を挙げる', async () => {
    const folder = join(root, 'chapters/01-fully-connected/figures');
    await writeFile(join(folder, 'neuron.svg'), '<svg/>');
    await writeFile(join(folder, 'shapes10-samples.png'), 'PNG ではない');
    await rm(join(folder, 'flatten.svg'));
    await writeFile(join(folder, 'old.svg'), '<svg/>');
    expect(await findDifferences(root, drawn)).toEqual([
      'chapters/01-fully-connected/figures/neuron.svg が、今のコードが描く図と違います。',
      'chapters/01-fully-connected/figures/flatten.svg がありません。',
      'chapters/01-fully-connected/figures/shapes10-samples.png が、今のコードが描く図と違います。',
      'chapters/01-fully-connected/figures/old.svg は、どのコードも描いていません。',
    ]);
  });
});
