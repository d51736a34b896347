import { lineChart } from './figures/index.ts';

/** 損失の移り変わりの要約。 */
export interface LossSummary {
  /** はじめの損失(はじめの 1 % のステップの平均)。 */
  initial: number;
  /** 終わりの損失(終わりの 5 % のステップの平均)。1ステップだけの値は、揺れが大きくて比べられません。 */
  final: number;
  /** ならして間引いた曲線(40 点まで)。 */
  curve: { steps: number[]; losses: number[] };
}

const maxPoints = 40;

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * 1ステップごとの損失から、章の文章やほかの実行との比較に使う値を作ります。
 *
 * @param losses - 1ステップごとの損失。[ステップ数]。
 * @returns はじめと終わりの損失、ならした曲線。
 */
export function summarizeLosses(losses: readonly number[]): LossSummary {
  const total = losses.length;
  // 区間の長さをそろえます。終わりに半端な1ステップだけの区間ができると、そこだけ大きく揺れるためです
  const points = Math.min(maxPoints, total);
  const curve: LossSummary['curve'] = { steps: [], losses: [] };
  for (let i = 0; i < points; i++) {
    const start = Math.floor((i * total) / points);
    const end = Math.floor(((i + 1) * total) / points);
    curve.steps.push(end);
    curve.losses.push(mean(losses.slice(start, end)));
  }
  return {
    initial: mean(losses.slice(0, Math.max(1, Math.round(total * 0.01)))),
    final: mean(losses.slice(-Math.max(1, Math.round(total * 0.05)))),
    curve,
  };
}

/**
 * 学習の損失を折れ線にします。
 *
 * @param losses - 1ステップごとの損失。[ステップ数]。
 * @returns SVG。
 */
export function lossChart(losses: readonly number[]): string {
  return lineChart({
    title: '学習が進むにつれて、損失が下がる',
    xLabel: 'ステップ(重みを直した回数)',
    yLabel: '損失',
    series: [{ name: '学習の損失', x: losses.map((_, step) => step + 1), y: losses }],
    smooth: true,
  });
}
