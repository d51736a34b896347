import { formatCount, formatPercent, padDisplay } from '#platform';
import { buildNetwork as buildFullyConnected } from '../01-fully-connected/network.ts';
import type { RecordValue } from '../support/chapter.ts';
import { multiplicationsPerImage } from '../support/computation.ts';
import { readRecordedValues } from '../support/recordedValues.ts';

/** 学習したネットワークひとつの成績。 */
export interface NetworkResult {
  /** パラメーターの数。 */
  parameters: number;
  /** 画像1枚を通すときの掛け算の回数。 */
  multiplications: number;
  /** 学習にかかった秒数。 */
  seconds: number;
  /** 終わりの損失。 */
  finalLoss: number;
  /** テスト画像の正解率(0 から 1)。 */
  accuracy: number;
  /** クラスごとの正解率。[K]。 */
  perClass: readonly number[];
}

/**
 * 第 01 章の記録から、全結合のネットワークの成績を読みます。
 *
 * @param dataset - 今の学習に使ったデータセット。違うデータの記録とは比べません。
 * @returns 全結合のネットワークの成績。記録がないか、データが違えば undefined。
 */
export async function readFullyConnected(dataset: string): Promise<NetworkResult | undefined> {
  const recorded = await readRecordedValues('01-fully-connected');
  if (recorded === undefined || recorded.data.name !== dataset) return undefined;
  const { train, test } = recorded.values as unknown as {
    train: { seconds: number; finalLoss: number };
    test: { accuracy: number; perClass: { all: number[] } };
  };
  const network = buildFullyConnected();
  const parameters = network.countParams();
  const multiplications = multiplicationsPerImage(network).reduce((sum, count) => sum + count, 0);
  network.dispose();
  return {
    parameters,
    multiplications,
    seconds: train.seconds,
    finalLoss: train.finalLoss,
    accuracy: test.accuracy,
    perClass: test.perClass.all,
  };
}

/**
 * 全結合と畳み込みの成績を並べた表と、記録に残す値を作ります。
 *
 * @param before - 第 01 章の全結合のネットワーク。
 * @param after - この章の畳み込みのネットワーク。
 * @param classNames - クラスの名前。[K]。
 * @returns 表の行と、記録に残す値。
 */
export function compareNetworks(
  before: NetworkResult,
  after: NetworkResult,
  classNames: readonly string[],
): { lines: string[]; record: RecordValue } {
  const row = (name: string, show: (result: NetworkResult) => string): string =>
    [
      padDisplay(name, 22),
      padDisplay(show(before), 14, 'right'),
      padDisplay(show(after), 14, 'right'),
    ].join('');
  const changes = classNames.map((name, label) => ({
    name,
    before: before.perClass[label]!,
    after: after.perClass[label]!,
  }));
  changes.sort((a, b) => b.after - b.before - (a.after - a.before));
  return {
    lines: [
      [
        padDisplay('', 22),
        padDisplay('全結合(01)', 14, 'right'),
        padDisplay('畳み込み', 14, 'right'),
      ].join(''),
      row('パラメーター', (result) => formatCount(result.parameters)),
      row('掛け算(画像1枚)', (result) => formatCount(result.multiplications)),
      row('学習の時間', (result) => `${result.seconds.toFixed(1)} 秒`),
      row('終わりの損失', (result) => result.finalLoss.toFixed(3)),
      row('テストの正解率', (result) => formatPercent(result.accuracy)),
      '',
      'クラスごとの正解率(よく伸びた順):',
      ...changes.map(
        (change) =>
          `  ${padDisplay(change.name, 10)} ${formatPercent(change.before)} → ${formatPercent(change.after)}`,
      ),
    ],
    record: {
      fullyConnected: { ...before },
      cnn: { ...after },
      mostImproved: changes[0],
      leastImproved: changes.at(-1),
    },
  };
}
