import { createProgress, formatCount, formatDuration, InterruptedError, now } from '#platform';
import {
  computeFeatures,
  featureCacheFolder,
  hasFeatures,
  measureSecondsPerImage,
  type Features,
  type FeatureSource,
} from '../support/pretrained/features.ts';
import type { Backbone } from '../support/pretrained/types.ts';

/** {@link computeMaps} が知らせる相手。`Chapter` がそのまま当てはまります。 */
interface MapsReport {
  readonly signal: AbortSignal;
  print(text: string): void;
}

/** {@link computeMaps} の結果。 */
export interface ComputedMaps {
  /** 学習用とテスト用の、止めた部分の出力。[N, h, w, c] と [M, h, w, c]。 */
  readonly maps: readonly [train: Features, test: Features];
  /** 計算にかかった秒数。前に計算したものを読んだだけなら undefined。 */
  readonly seconds: number | undefined;
}

/**
 * 止めた部分(`body`)の出力を計算します。時間の見こみを先に言い、進み具合を見せます。前に計算したものがあれば、それを読みます。
 *
 * @param report - 知らせる相手。
 * @param backbone - 学習済みネットワーク。
 * @param sources - 学習用とテスト用の画像。
 * @param recompute - 前に計算したものを使わないか。
 * @returns 計算したもの。
 * @throws InterruptedError Ctrl-C が押されたとき。
 */
export async function computeMaps(
  report: MapsReport,
  backbone: Backbone,
  sources: readonly [train: FeatureSource, test: FeatureSource],
  recompute: boolean,
): Promise<ComputedMaps> {
  const [train, test] = sources;
  let toCompute = 0;
  for (const source of sources) {
    const kept = !recompute && (await hasFeatures(backbone, source, featureCacheFolder));
    if (!kept) toCompute += source.size;
  }
  if (toCompute === 0) report.print('前に計算した特徴が残っているので、それを使います。');
  else {
    const perImage = await measureSecondsPerImage(backbone);
    report.print(
      `${formatCount(toCompute)} 枚の特徴を計算します。試すと 1 枚 ${(perImage * 1000).toFixed(1)} ms なので、` +
        `${formatDuration(perImage * toCompute)}ほどの見こみです。`,
    );
  }
  const progress = createProgress({ label: '特徴', total: train.size + test.size });
  const compute = (source: FeatureSource, before: number): Promise<Features> =>
    computeFeatures(backbone, source, {
      cacheFolder: featureCacheFolder,
      recompute,
      onProgress: (done) => {
        progress.update(before + done);
        if (!report.signal.aborted) return;
        throw new InterruptedError('特徴を計算し終えていないので、結果はありません。');
      },
    });
  const started = now();
  try {
    const maps = [await compute(train, 0), await compute(test, train.size)] as const;
    if (toCompute === 0) return { maps, seconds: undefined };
    const seconds = (now() - started) / 1000;
    report.print(`${seconds.toFixed(1)} 秒で計算しました。`);
    return { maps, seconds };
  } finally {
    progress.stop();
  }
}
