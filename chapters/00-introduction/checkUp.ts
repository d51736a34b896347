import { describeMachine, formatBytes } from '#platform';
import { cifar10Status, type Cifar10Status } from '../../datasets/index.ts';
import { inspectEngines, type EngineInspection } from '../support/backend/inspect.ts';

/** 準備の項目 1 つ。 */
export interface CheckItem {
  /** そろっているか。 */
  readonly ready: boolean;
  /** 何が、どうなっているか。 */
  readonly text: string;
  /** そろえる方法。そろっているか、何もしなくてよいときは undefined。 */
  readonly advice?: string | undefined;
}

/** 調べて分かったこと。 */
export interface Findings {
  /** 実行環境とその版(`Node.js 20.19.0` など)。 */
  readonly runtime: string;
  /** 主記憶の大きさ(バイト)。 */
  readonly memoryBytes: number;
  /** 計算する仕組み。 */
  readonly engines: readonly EngineInspection[];
  /** CIFAR-10。 */
  readonly data: Cifar10Status;
}

const neededNode: readonly [major: number, minor: number] = [20, 19];
const neededMemory = 2e9; // バイト。CIFAR-10 を使う章の最大は約 1 GB で、OS とエディターの分を足しました

/**
 * この教材を動かす準備がそろっているかを調べます。ダウンロードはしません。
 *
 * @param signal - 止める合図。
 * @returns 項目の並び。
 * @throws InterruptedError 合図で止めたとき。
 */
export async function checkUp(signal: AbortSignal): Promise<CheckItem[]> {
  const { runtime, memoryBytes } = describeMachine();
  const [engines, data] = await Promise.all([inspectEngines({ signal }), cifar10Status()]);
  return describeFindings({ runtime, memoryBytes, engines, data });
}

/**
 * 調べて分かったことを、画面に出す項目にします。
 *
 * @param findings - 分かったこと。
 * @returns 項目の並び。
 */
export function describeFindings({ runtime, memoryBytes, engines, data }: Findings): CheckItem[] {
  return [
    nodeItem(runtime),
    memoryItem(memoryBytes),
    ...engines.map(engineItem),
    gpuItem(engines),
    {
      ready: data.ready,
      text: `データ(CIFAR-10): ${data.detail}`,
      advice: data.advice,
    },
  ];
}

function nodeItem(runtime: string): CheckItem {
  const [major, minor] = neededNode;
  const [, foundMajor = '0', foundMinor = '0'] = /^Node\.js (\d+)\.(\d+)/.exec(runtime) ?? [];
  const ready =
    Number(foundMajor) > major || (Number(foundMajor) === major && Number(foundMinor) >= minor);
  return {
    ready,
    text: `${runtime}(${major}.${minor} 以上が必要)`,
    advice: ready ? undefined : 'https://nodejs.org/ja から、新しい LTS 版を入れてください。',
  };
}

function memoryItem(memoryBytes: number): CheckItem {
  const ready = memoryBytes >= neededMemory;
  return {
    ready,
    text: `メモリー ${formatBytes(memoryBytes)}(${formatBytes(neededMemory)} 以上が目安)`,
    advice: ready
      ? undefined
      : '足りなくなったら、ほかのアプリを閉じるか、--dataset shapes10 を付けてください。',
  };
}

const deviceNames = { cpu: 'CPU', gpu: 'GPU' } as const;

function engineItem({ engine, device, usable, detail, advice }: EngineInspection): CheckItem {
  const result = usable ? `学習できました(${detail})。` : detail;
  return { ready: usable, text: `${deviceNames[device]} の ${engine}: ${result}`, advice };
}

function gpuItem(engines: readonly EngineInspection[]): CheckItem {
  const real = engines.find(({ device, usable }) => device === 'gpu' && usable);
  if (real !== undefined) return { ready: true, text: 'GPU: あります。--device gpu で使えます。' };
  const imitated = engines.some(({ software }) => software);
  return {
    ready: false,
    text: imitated ? 'GPU: ソフトウェアのまねがあるだけです。' : 'GPU: 見つかりませんでした。',
    advice: 'なくても、すべての章を CPU で動かせます。',
  };
}
