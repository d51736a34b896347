import { createServer } from 'node:net';
import lighthouse from 'lighthouse';
import type { Problem } from '../problems.ts';
import { launchBrowser } from './browser.ts';

const categories = ['performance', 'accessibility'] as const;
const perfect = 100;

/** Lighthouse の点。 */
export interface Score {
  readonly file: string;
  readonly scheme: Scheme;
  readonly performance: number;
  readonly accessibility: number;
  /** 測った回数。 */
  readonly runs: number;
}

type Scheme = 'light' | 'dark';

/** 測り方。 */
interface MeasureOptions {
  /** 満点が出るまで測る回数。速さの点は、機械がほかの仕事をしていると下がります。 */
  readonly maxRuns: number;
  /** ひとつ測り終えたときに呼ぶ関数。 */
  readonly onScore?: (score: Score) => void;
}

/**
 * Lighthouse で速さと使いやすさの点を測ります。満点が出るまで、何回か測ります。
 *
 * @param executablePath - ブラウザー。
 * @param serverUrl - サイトのいちばん上の URL。
 * @param files - 測るページ。
 * @param options - 測り方。
 * @returns 満点に届かなかったところ。
 */
export async function measureScores(
  executablePath: string,
  serverUrl: string,
  files: readonly string[],
  { maxRuns, onScore }: MeasureOptions,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const scheme of ['light', 'dark'] as const) {
    const port = await freePort();
    const browser = await launchBrowser(executablePath, [
      `--remote-debugging-port=${port}`,
      ...(scheme === 'dark' ? ['--blink-settings=preferredColorScheme=0'] : []),
    ]);
    try {
      for (const file of files) {
        const { score, lost } = await measureBest(serverUrl, port, file, scheme, maxRuns);
        onScore?.(score);
        for (const message of lost) problems.push({ file, message });
      }
    } finally {
      await browser.close();
    }
  }
  return problems;
}

async function measureBest(
  serverUrl: string,
  port: number,
  file: string,
  scheme: Scheme,
  maxRuns: number,
): Promise<{ score: Score; lost: string[] }> {
  const best = { performance: 0, accessibility: 0 };
  let lost: string[] = [];
  let runs = 0;
  while (runs < maxRuns) {
    runs++;
    const result = await lighthouse(
      serverUrl + encodeURI(file),
      { port, output: 'json', logLevel: 'error' },
      { extends: 'lighthouse:default', settings: { onlyCategories: [...categories] } },
    );
    const lhr = result!.lhr;
    for (const name of categories) {
      best[name] = Math.max(best[name], Math.round((lhr.categories[name]?.score ?? 0) * 100));
    }
    if (categories.every((name) => best[name] === perfect)) break;
    const reasons = categories.flatMap((name) =>
      lhr.categories[name]!.auditRefs.filter(
        ({ id, weight }) => weight > 0 && (lhr.audits[id]?.score ?? 1) < 0.9,
      ).map(({ id }) => `${id} ${lhr.audits[id]?.displayValue ?? ''}`.trim()),
    );
    const label = scheme === 'dark' ? '暗い配色' : '明るい配色';
    lost = categories
      .filter((name) => best[name] < perfect)
      .map(
        (name) => `Lighthouse の ${name} が ${best[name]} 点です(${label})。${reasons.join('、')}`,
      );
  }
  const reached = categories.every((name) => best[name] === perfect);
  return { score: { file, scheme, ...best, runs }, lost: reached ? [] : lost };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
