import { formatCount, formatPercent, padDisplay } from '#platform';
import type { RecordValue } from '../support/chapter.ts';
import { backbones } from '../support/pretrained/index.ts';
import type { BackboneName } from '../support/pretrained/types.ts';
import { readRecordedValues } from '../support/recordedValues.ts';

/** 転移学習の結果。`run.json` の `transfer` に、この形で残します。 */
export interface TransferResult {
  /** 学習済みネットワーク。 */
  readonly backbone: BackboneName;
  /** 画面に出す、その名前。 */
  readonly title: string;
  /** クラスの数。 */
  readonly numClasses: number;
  /** 学習に使った画像の枚数。 */
  readonly images: number;
  /** 入力の1辺。 */
  readonly imageSize: number;
  /** パラメーターの数。 */
  readonly parameters: {
    /** 全部。 */
    readonly total: number;
    /** 新しい頭の数。はじめの学習では、これだけが変わります。 */
    readonly head: number;
    /** ファインチューニングで変わる数(頭も含みます)。 */
    readonly fineTuned: number;
  };
  /** かかった秒数。特徴の計算は、置いてあるものを読んだときは undefined です。 */
  readonly seconds: {
    readonly features: number | undefined;
    readonly head: number;
    readonly fineTune: number;
  };
  /** テスト画像の正解率。ファインチューニングをしなければ、2つは同じです。 */
  readonly accuracy: { readonly head: number; readonly fineTuned: number };
}

/** 比べる行。記録がないものには、記録のしかたがあります。 */
export type ComparedRow =
  | {
      readonly name: string;
      readonly images: number;
      readonly total: number;
      readonly trained: number;
      /** 特徴の計算と学習の秒数。 */
      readonly seconds: number;
      readonly accuracy: number;
      readonly numClasses: number;
    }
  | { readonly name: string; readonly howToRecord: string };

const chapterName = '03-transfer-learning';
const recordedRuns = ['tiny', 'vgg16', 'resnet50'] as const; // 実行の名前は、ネットワークの名前と同じです

/**
 * 前の章と、この章のほかの実行の記録から、比べる行を集めます。
 *
 * @param dataset - 今のデータセット。違うデータの記録とは比べません。
 * @param own - 今の実行の結果。
 * @returns 行。はじめからの学習、tiny、今のもの、VGG16、ResNet50 の順です。
 */
export async function collectRows(
  dataset: string,
  own: TransferResult,
): Promise<readonly ComparedRow[]> {
  const rows: ComparedRow[] = [];
  for (const run of ['run', 'few']) {
    const recorded = await readRecordedValues('02-1-cnn-cpu', run);
    if (recorded === undefined || recorded.data.name !== dataset) continue;
    const { parameters, train, test } = recorded.values as unknown as {
      parameters: { total: number };
      train: { seconds: number };
      test: { accuracy: number; perClass: { all: number[] } };
    };
    rows.push({
      name: '畳み込み(02-1)',
      images: (recorded.data as unknown as { trainSize: number }).trainSize,
      total: parameters.total,
      trained: parameters.total,
      seconds: train.seconds,
      accuracy: test.accuracy,
      numClasses: test.perClass.all.length,
    });
  }
  const others: ComparedRow[] = [];
  for (const run of recordedRuns) {
    if (run === own.backbone) continue;
    const recorded = await readRecordedValues(chapterName, run);
    if (recorded === undefined || recorded.data.name !== dataset) {
      others.push({ name: backbones[run].title, howToRecord: `npm run record -- 03 ${run}` });
      continue;
    }
    others.push(rowOf((recorded.values as { transfer: TransferResult }).transfer));
  }
  return [...rows, rowOf(own), ...others];
}

function rowOf(result: TransferResult): ComparedRow {
  const { title, images, numClasses, parameters, seconds, accuracy } = result;
  return {
    name: title,
    images,
    total: parameters.total,
    trained: parameters.fineTuned,
    seconds: (seconds.features ?? 0) + seconds.head + seconds.fineTune,
    accuracy: accuracy.fineTuned,
    numClasses,
  };
}

/**
 * 比べる行を、画面の表にします。
 *
 * @param rows - 行。
 * @param numClasses - 今の実行のクラスの数。違う行には、その数を書き添えます。
 * @returns 表の行。
 */
export function comparisonTable(rows: readonly ComparedRow[], numClasses: number): string[] {
  const nameWidth = 24;
  const cells = (values: readonly string[]): string =>
    values.map((value) => padDisplay(value, 14, 'right')).join('');
  const head = ['学習の画像', 'パラメーター', '学習した数', '時間', '正解率'];
  return [
    padDisplay('', nameWidth) + cells(head),
    ...rows.map((row) => {
      const name = padDisplay(row.name, nameWidth);
      if ('howToRecord' in row) {
        return `${name}  記録していません。${row.howToRecord} で記録できます。`;
      }
      const note = row.numClasses === numClasses ? '' : `  (${row.numClasses} クラス)`;
      return (
        name +
        cells([
          formatCount(row.images),
          formatCount(row.total),
          formatCount(row.trained),
          `${row.seconds.toFixed(1)} 秒`,
          formatPercent(row.accuracy),
        ]) +
        note
      );
    }),
  ];
}

/**
 * 比べる行を、記録に残す値にします。
 *
 * @param rows - 行。
 * @returns 記録に残す値。
 */
export function comparisonRecord(rows: readonly ComparedRow[]): RecordValue {
  return rows.map((row) => ({ ...row }));
}
