import { formatPercent, padDisplay } from '#platform';
import type { FigureNotes, RecordValue } from '../support/chapter.ts';
import { lineChart } from '../support/figures/index.ts';
import { summarizeLosses } from '../support/lossCurve.ts';

/** 入力の範囲 1 つでの、学習の結果。 */
export interface ScalingResult {
  /** 記録での名前。 */
  readonly id: string;
  /** 画面での名前。 */
  readonly name: string;
  /** 学習を始める前に、飽和していたシグモイドの割合。シグモイドでなければ NaN。 */
  readonly saturated: number;
  /** 1 ステップごとの損失。発散したときは、最後の値が有限ではありません。 */
  readonly losses: readonly number[];
  /** 学習にかかった秒数。 */
  readonly seconds: number;
  /** テスト画像の正解率。 */
  readonly accuracy: number;
}

/** 結果を受けとるもの。`Chapter` がそのまま当てはまります。 */
export interface NormalizationTarget {
  /** 画面に出し、記録にも残します。 */
  print(text: string): void;
  /** 測った値を残します。 */
  record(name: string, value: RecordValue): void;
  /** 図を残します。 */
  saveFigure(file: string, content: string, notes: FigureNotes): Promise<void>;
}

// 図に描く損失の上限。でたらめに等しい確率で答えたときの損失 ln 10 の 2 倍です。跳ね上がった損失まで入れると、ほかの線が見分けられません
const ceiling = 2 * Math.log(10);

const columns = ['最初の損失', '平均の損失', '最後の損失', '正解率', '飽和'] as const;

/**
 * 入力の範囲ごとの結果を、表と図にして残します。発散したものは「発散」と書き、図では × で示します。
 *
 * @param target - 行き先。
 * @param results - 範囲ごとの結果。
 * @param images - 学習に使った枚数。
 */
export async function reportNormalization(
  target: NormalizationTarget,
  results: readonly ScalingResult[],
  images: number,
): Promise<void> {
  const row = (name: string, cells: readonly string[]): string =>
    padDisplay(name, 20) + cells.map((cell) => padDisplay(cell, 11, 'right')).join('');
  const summaries = results.map((result) => ({ ...result, ...summarize(result.losses) }));
  target.print(row('入力の範囲', columns));
  for (const { name, first, mean, final, saturated, diverged, accuracy } of summaries) {
    const ends = diverged
      ? ['発散', '発散', '—']
      : [mean, final].map(fixed).concat(formatPercent(accuracy));
    target.print(row(name, [fixed(first), ...ends, formatPercent(saturated)]));
  }
  if (summaries.some(({ diverged }) => diverged)) {
    target.print('発散: 損失が数でなくなったので、そこで学習をやめました。');
  }
  if (summaries.some(({ saturated }) => Number.isFinite(saturated))) {
    target.print(
      '飽和: 学習の前に、最初の隠れ層の出力が 0 か 1 に張り付いていた(0.01 未満か 0.99 より大きい)割合',
    );
  }

  const values: Record<string, RecordValue> = {
    images,
    seconds: results.reduce((sum, { seconds }) => sum + seconds, 0),
  };
  for (const { id, first, mean, final, curve, saturated, diverged, accuracy } of summaries) {
    values[id] = {
      firstLoss: finite(first),
      epochLoss: finite(mean),
      finalLoss: finite(final),
      accuracy: diverged ? undefined : accuracy,
      saturated: finite(saturated),
      diverged,
      curve,
    };
  }
  target.record('normalization', values);
  const drawn = results.flatMap(({ losses }) => losses.filter(Number.isFinite));
  const lowest = drawn.reduce((low, loss) => Math.min(low, loss), Infinity);
  const tooHigh = drawn.some((loss) => loss > ceiling);
  await target.saveFigure(
    'normalization.svg',
    lineChart({
      title: '入力の範囲だけで、損失の下がり方が変わる',
      xLabel: 'ステップ(重みを直した回数)',
      yLabel: '損失',
      series: results.map(({ name, losses }) => ({
        name,
        x: losses.map((_, step) => step + 1),
        y: losses,
      })),
      smooth: true,
      ...(tooHigh ? { yDomain: [lowest, ceiling] as const } : {}),
    }),
    {
      alt: `入力の範囲ごとの損失の折れ線。終わりの損失は、${summaries
        .map(({ name, final, diverged }) => `${name} が${diverged ? '発散' : ` ${fixed(final)}`}`)
        .join('、')}です。`,
      caption: `入力の範囲ごとの、学習の損失(ほかの設定はすべて同じ${tooHigh ? '。上にはみ出した損失は描いていません' : ''})`,
    },
  );
}

/** はじめ、平均、終わりの損失。発散したときは、平均と終わりが NaN です。 */
function summarize(losses: readonly number[]): {
  first: number;
  mean: number;
  final: number;
  diverged: boolean;
  curve: { steps: number[]; losses: number[] };
} {
  const usable = losses.filter(Number.isFinite);
  const diverged = usable.length < losses.length;
  const { final, curve } = summarizeLosses(usable);
  return {
    first: losses[0] ?? NaN,
    mean: diverged ? NaN : usable.reduce((sum, loss) => sum + loss, 0) / usable.length,
    final: diverged ? NaN : final,
    diverged,
    curve,
  };
}

function fixed(value: number): string {
  if (!Number.isFinite(value)) return '発散';
  return value < 1000 ? value.toFixed(3) : value.toExponential(1); // 途中で跳ね上がることがあります
}

/** JSON に書けない NaN などは、なかったことにします。 */
function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}
