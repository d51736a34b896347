/**
 * 「教える人へ」の図を撮り直します: `npx tsx scripts/classroom/guideShots.ts`。
 *
 * 架空のクラスを作り、実際に採点し、学習者版を作って、できたページをブラウザーで撮ります。
 *
 * @module
 */
import { spawnSync } from 'node:child_process';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import {
  displayPath,
  formatBytes,
  installErrorReporter,
  makeDir,
  print,
  projectRoot,
  removePath,
  UserError,
  writeFileAtomic,
} from '#platform';
import { findBrowser, launchBrowser } from '../siteChecks/browser.ts';
import { makeExampleClass } from './exampleClass.ts';

const figures = join(projectRoot, 'chapters', '教える人へ', 'figures');
const work = join(projectRoot, 'outputs', 'guide');
const width = 1200; // px
const margin = 24; // px。撮る所のまわりに残す余白です
const largest = 150_000; // バイト。本文を読むときに重くならない大きさです

/** 撮るところひとつ。 */
interface Shot {
  readonly name: string;
  /** ページのファイル。 */
  readonly page: string;
  /** この部品(playwright の選び方)から撮ります。省くと、ページの上からです。 */
  readonly from?: string;
  /** この部品の手前まで撮ります。省くと、ページの終わりまでです。 */
  readonly until?: string;
}

installErrorReporter();
const executable = findBrowser();
if (executable === undefined) {
  throw new UserError(
    'ブラウザーが見つかりません。',
    'Chrome か Chromium を入れるか、CHROME_PATH に実行ファイルを指定してください。',
  );
}
await removePath(work);
const out = join(work, 'class');
const release = join(work, 'release');
await gradeExample();
run('classRelease.ts', release, '--skip-install', '--no-git');

const failures = 'h2:has-text("多かったつまずき")';
const shots: readonly Shot[] = [
  { name: 'class-page', page: join(out, 'index.html'), until: failures },
  {
    ...{ name: 'class-failures', page: join(out, 'index.html') },
    ...{ from: failures, until: `${failures} + * tbody tr:nth-child(8)` },
  },
  {
    ...{ name: 'feedback', page: join(out, 'feedback', '26A009.html') },
    until: '.card >> nth=2',
  },
  {
    ...{ name: 'similarity', page: join(out, 'similarity.html') },
    until: '.card >> nth=1',
  },
  {
    name: 'release-exercise',
    page: join(release, 'site', 'exercises', '01-04.html'),
    from: '#stub',
    until: '.neighbors',
  },
];
const browser = await launchBrowser(executable);
try {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: 'light' });
  await makeDir(figures);
  for (const shot of shots) await take(page, shot);
} finally {
  await browser.close();
}

/** 2 回採点します。1 回目は、後ろの演習がまだ手つかずです。 */
async function gradeExample(): Promise<void> {
  const folder = join(work, 'example');
  await makeDir(out);
  for (const progress of [0.6, 1]) {
    const made = await makeExampleClass({ root: projectRoot, folder, progress });
    await copyFile(join(folder, 'class.json'), join(out, 'class.json'));
    const { submissions, roster, worksheet } = made;
    run('classGrade.ts', ...[submissions, '-o', out, '--roster', roster, '--worksheet', worksheet]);
  }
}

function run(script: string, ...args: string[]): void {
  const { status } = spawnSync(
    process.execPath,
    ['--import', 'tsx', join('scripts', script), ...args],
    { cwd: projectRoot, stdio: 'inherit' },
  );
  if (status !== 0) {
    throw new UserError(
      `scripts/${script} が失敗しました。`,
      '上の知らせのとおりに直してから、もう一度撮ってください。',
    );
  }
}

async function take(page: Page, { name, page: file, from, until }: Shot): Promise<void> {
  await page.goto(pathToFileURL(file).href);
  // 画面の外の並べ方を後に回すページでも、全部を描いてから撮ります
  await page.addStyleTag({ content: '* { content-visibility: visible !important }' });
  const topOf = async (selector: string): Promise<number> => {
    const box = await page.locator(selector).first().boundingBox();
    if (box === null) throw new UserError(`${displayPath(file)} に ${selector} がありません。`);
    return Math.floor(box.y);
  };
  const top = from === undefined ? 0 : (await topOf(from)) - margin;
  const bottom =
    until === undefined
      ? await page.evaluate(() => document.documentElement.scrollHeight)
      : await topOf(until);
  // 左右の余白を除くと、本文の幅に縮めても字が読めます
  const column = (await page.locator('body, main').last().boundingBox()) ?? { x: 0, width };
  const left = Math.max(0, Math.floor(column.x) - margin);
  const right = Math.min(width, Math.ceil(column.x + column.width) + margin);
  const clip = { x: left, y: top, width: right - left, height: bottom - top };
  const image = await page.screenshot({ fullPage: true, clip });
  const png = await sharp(image).png({ palette: true, colours: 64, effort: 10 }).toBuffer();
  if (png.length > largest) {
    throw new UserError(
      `図 ${name}.png は ${formatBytes(png.length)} で、大きすぎます。`,
      '撮る所を狭くしてください。',
    );
  }
  await writeFileAtomic(join(figures, `${name}.png`), png);
  print(`${displayPath(join(figures, `${name}.png`))}(${formatBytes(png.length)})`);
}
