/**
 * サイトを作り、できたものを調べます(verify の「サイト」)。
 *
 * @module
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createProgress,
  environment,
  formatDuration,
  installErrorReporter,
  makeTempDir,
  now,
  print,
  projectRoot,
  removePath,
} from '#platform';
import { leftOutMark } from './checks.ts';
import { printProblems, type Problem } from './problems.ts';
import { buildSite } from './site/build.ts';
import { findBrowser, launchBrowser } from './siteChecks/browser.ts';
import { loadFiles } from './siteChecks/files.ts';
import { measureScores } from './siteChecks/lighthouse.ts';
import { checkPages } from './siteChecks/pages.ts';
import { startServer } from './siteChecks/server.ts';
import { checkValidity } from './siteChecks/validity.ts';
import {
  openPage,
  visitAsFile,
  visitPage,
  visitWithoutScript,
  type LoadSize,
} from './siteChecks/visit.ts';

const baseUrl = 'https://example.org/course/'; // サイトを、いちばん上ではない道に置いたつもりで調べます
const workers = 2;
const sampleChapter = 'chapters/01-fully-connected.html';
const sampleExercise = 'exercises/01-01.html';

installErrorReporter();
const started = now();
const folder = await makeTempDir(tmpdir());
try {
  const problems = await check(join(folder, 'site'));
  printProblems(problems);
  print(
    `サイトを調べ、直すところが ${problems.length} か所ありました(${formatDuration((now() - started) / 1000)})。`,
  );
  if (problems.length > 0) process.exitCode = 1;
} finally {
  await removePath(folder);
}

async function check(out: string): Promise<readonly Problem[]> {
  const { faults } = await buildSite({ root: projectRoot, out, baseUrl });
  if (faults.length > 0) return faults;
  const site = await loadFiles(out, baseUrl);
  const problems = [...checkPages(site), ...(await checkValidity(site.pages))];
  const browser = findBrowser();
  if (browser === undefined) return [...problems, ...reportNoBrowser()];
  problems.push(...(await checkInBrowser(browser, out, [...site.pages.keys()])));
  problems.push(...(await checkScores(browser, out)));
  return problems;
}

function reportNoBrowser(): Problem[] {
  const reason = 'Chrome か Chromium か Edge がありません。場所は CHROME_PATH で指定できます。';
  for (const what of [
    'サイトの使いやすさ(axe)',
    'サイトの読みこみの量、エラー、横へのはみ出し',
    'JavaScript なしと、ファイルのままでのサイト',
    'サイトの速さの点(Lighthouse)',
  ]) {
    print(`${leftOutMark}${what} — ${reason}`);
  }
  if (environment('REQUIRE_BROWSER') !== '1') return [];
  return [{ file: 'サイト', message: `REQUIRE_BROWSER=1 なのに、${reason}` }];
}

async function checkInBrowser(
  executablePath: string,
  out: string,
  files: readonly string[],
): Promise<Problem[]> {
  const browser = await launchBrowser(executablePath);
  const problems: Problem[] = [];
  const sizes: LoadSize[] = [];
  const queue = [...files];
  const progress = createProgress({ label: 'ページ', total: files.length });
  const work = async (): Promise<void> => {
    // 読みこむ量をページごとに数えるため、サーバーも分けます
    await using server = await startServer(out, baseUrl);
    const page = await openPage(browser);
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      const visit = await visitPage(page, server, file);
      problems.push(...visit.problems);
      sizes.push(visit.size);
      progress.update(files.length - queue.length, file);
    }
  };
  try {
    await Promise.all(Array.from({ length: workers }, work));
    await using server = await startServer(out, baseUrl);
    for (const file of ['index.html', sampleChapter, sampleExercise, '404.html']) {
      problems.push(...(await visitWithoutScript(browser, server, file)));
    }
    problems.push(...(await visitAsFile(browser, out, sampleChapter)));
  } finally {
    progress.stop();
    await browser.close();
  }
  const most = (value: (size: LoadSize) => number): LoadSize =>
    sizes.reduce((a, b) => (value(b) > value(a) ? b : a));
  const measured = sizes.filter(({ file }) => file !== 'print.html');
  if (measured.length > 0) {
    const heavy = most(({ bytes }) => bytes);
    const many = most(({ requests }) => requests);
    print(`いちばん重いページ: ${heavy.file} ${(heavy.bytes / 1024).toFixed(1)} KB`);
    print(`いちばん多く読むページ: ${many.file} ${many.requests} 個`);
  }
  return problems;
}

async function checkScores(executablePath: string, out: string): Promise<Problem[]> {
  await using server = await startServer(out, baseUrl);
  const files = ['index.html', sampleChapter, sampleExercise];
  return await measureScores(executablePath, server.url, files, {
    maxRuns: 2,
    onScore: ({ file, scheme, performance, accessibility, runs }) => {
      const label = scheme === 'dark' ? '暗い配色' : '明るい配色';
      const points = `速さ ${performance}、使いやすさ ${accessibility}`;
      print(`Lighthouse ${file}(${label}): ${points}(${runs} 回)`);
    },
  });
}
