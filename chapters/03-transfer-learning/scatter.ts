import { UMAP } from 'umap-js';
import { createProgress, yieldToEvents } from '#platform';
import { createRandom, type ImageDataset } from '../../datasets/index.ts';
import type { FigureNotes } from '../support/chapter.ts';
import { scatterChart } from '../support/figures/index.ts';
import type { Features } from '../support/pretrained/features.ts';

const maxPoints = 600; //   点が多すぎると、重なって見えません
const minPoints = 30; //    これより少ないと、近さを測れません
const maxClasses = 12; //   色と形で描き分けられる数

/** 描いた図。 */
export interface FeatureScatter {
  /** 図。 */
  readonly svg: string;
  /** 図の説明。 */
  readonly notes: FigureNotes;
}

/**
 * テスト画像を、画素のままと、特徴にしたあとの 2 通りで、平面に置いた図を描きます。
 *
 * @param testSet - テスト用の画像。
 * @param features - その特徴。[N, F]。
 * @param title - 学習済みネットワークの名前。
 * @param seed - 乱数の種。
 * @returns 図。画像が少なすぎるか、クラスが多すぎるときは、描かない理由の文。
 */
export async function drawFeatureScatter(
  { images, labels, imageShape, classNames, size }: ImageDataset<string>,
  features: Features,
  title: string,
  seed: number,
): Promise<FeatureScatter | string> {
  if (size < minPoints) return `テスト画像が ${minPoints} 枚より少ないので、図は描きません。`;
  if (classNames.length > maxClasses) {
    return `クラスが ${maxClasses} 個より多いので、図は描きません。`;
  }
  const shown = Math.min(maxPoints, size);
  const pixels: Features = { values: Float32Array.from(images), shape: imageShape, size };
  const panels = [
    { name: '画素のまま', points: await placeOnPlane(takeFirst(pixels, shown), seed) },
    { name: `${title} の特徴`, points: await placeOnPlane(takeFirst(features, shown), seed) },
  ];
  const svg = scatterChart({
    title: '似た画像は、近くに並ぶか',
    subtitle: `テスト画像 ${shown} 枚を、UMAP で平面に置いたもの`,
    panels,
    labels: labels.subarray(0, shown),
    classNames,
    description: `画素のまま置いた図と、${title} の特徴で置いた図です。`,
  });
  const alt = `テスト画像 ${shown} 枚を平面に置いた 2 つの図。上は画素のまま、下は ${title} の特徴で置き、クラスごとに色と形を変えました。`;
  const caption = `画素と特徴の散らばり(テスト画像 ${shown} 枚、UMAP)`;
  return { svg, notes: { alt, caption } };
}

function takeFirst({ values, shape, size }: Features, count: number): Features {
  return { values: values.subarray(0, (values.length / size) * count), shape, size: count };
}

/**
 * 特徴を、近いものが近くに残るように、平面の点にします。
 *
 * 出典: L. McInnes, J. Healy, J. Melville "UMAP: Uniform Manifold Approximation and Projection" (2018)。計算は umap-js です。
 *
 * @param features - 特徴。[N, ...shape]。N は 15 より大きい数。
 * @param seed - 乱数の種。同じ種なら、同じ図になります。
 * @returns 点。[N, 2]。
 */
async function placeOnPlane(
  { values, size }: Features,
  seed: number,
): Promise<[x: number, y: number][]> {
  const length = values.length / size;
  const rows = Array.from({ length: size }, (_, i) =>
    Array.from(values.subarray(i * length, (i + 1) * length)),
  );
  const umap = new UMAP({ nNeighbors: 15, minDist: 0.3, random: createRandom(seed) });
  const rounds = umap.initializeFit(rows);
  const progress = createProgress({ label: '平面に置く', total: rounds });
  for (let round = 0; round < rounds; round++) {
    umap.step();
    progress.update(round + 1);
    if (round % 20 === 0) await yieldToEvents(); // 手を休めないと、Ctrl-C に気づけません
  }
  progress.stop();
  return umap.getEmbedding().map(([x, y]) => [x!, y!]);
}
