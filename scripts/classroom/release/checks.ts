import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hashText } from '../../exercises/catalog.ts';
import type { Exercise } from '../../grading/exercises.ts';
import { checkLinks } from '../../links.ts';
import type { Problem } from '../../problems.ts';
import { tryGit } from './git.ts';
import { answersOf, findShared, leaksIn, shortestAnswer, type SharedText } from './leaks.ts';
import type { ReleaseFiles } from './releaseFile.ts';

/** 配る版の検査の結果。 */
export interface ReleaseChecks {
  /** 配ってはいけないわけ。 */
  readonly faults: readonly Problem[];
  /** 配ってよいが、知らせておくこと(日本語の文)。 */
  readonly notes: readonly string[];
}

/**
 * 配る版を、置く前に調べます。
 *
 * @param root - 教材のいちばん上。答えの文を読むのに使います。
 * @param all - すべての演習。選ばなかった演習の答えも、入っていないかを調べます。
 * @param chosen - 選んだ演習。
 * @param files - 配るファイル。
 * @param folder - 配る版を書いたフォルダー。
 * @returns 直すところと、知らせ。
 */
export async function checkRelease(
  root: string,
  all: readonly Exercise[],
  chosen: readonly Exercise[],
  files: ReleaseFiles,
  folder: string,
): Promise<ReleaseChecks> {
  const answers = await Promise.all(
    all.map(async ({ id, solution }) =>
      answersOf(id, await readFile(join(root, solution), 'utf8')),
    ),
  );
  const shared = findShared(files, answers.flat());
  const leaks = leaksIn(shared);
  const short = answers.flat().filter(({ code }) => code.length < shortestAnswer);
  const notes = [
    ...describeShared(shared.filter((one) => !leaks.includes(one))),
    ...(short.length === 0
      ? []
      : [
          `答えが ${shortestAnswer} 文字より短い ${[...new Set(short.map(({ id }) => id))].join('、')} は、本文の式と区別できないので、文字では調べていません。`,
        ]),
  ];
  const pages = [...files.keys()].filter((path) => path.endsWith('.md'));
  return {
    faults: [
      ...checkStubs(files, chosen),
      ...checkNames(files),
      ...leaks.map(({ file, answer, length }) => ({
        file,
        message: `演習 ${answer.id} の答え(区間 ${answer.region})と、${length} 文字が同じです。`,
        mend: '答えをこのファイルから除いてください。',
      })),
      ...(await checkLinks(folder, pages)),
    ],
    notes,
  };
}

/** 同じ式が本文や採点にもあることを、長いものから 3 つだけ名前を挙げて知らせます。 */
function describeShared(shared: readonly SharedText[]): string[] {
  const own = shared
    .filter(({ file }) => !/^site\/|^exercises\/\.originals\//.test(file))
    .sort((a, b) => b.length - a.length);
  if (own.length === 0) return [];
  const shown = own
    .slice(0, 3)
    .map(({ file, answer, length }) => `${answer.id} と ${file}(${length} 文字)`);
  const more = own.length > 3 ? ` など ${own.length} か所` : '';
  return [
    `答えの一部は、本文や採点にも同じ式があります: ${shown.join('、')}${more}。答えの全部ではないので、そのままにしました。`,
  ];
}

/** 学習者が書くファイルとヒントが、解答から作ったときのままかを調べます。 */
function checkStubs(files: ReleaseFiles, chosen: readonly Exercise[]): Problem[] {
  const problems: Problem[] = [];
  for (const { id, chapter, name, stub, spec, hints, hashes } of chosen) {
    const wanted = [
      [stub, hashes.stub, `npm run reset -- ${id}`],
      [`exercises/.originals/${chapter}/${name}.ts`, hashes.stub, `npm run reset -- ${id}`],
      [spec, hashes.spec, 'npm run exercises:sync'],
      [hints, hashes.hints, 'npm run exercises:sync'],
    ] as const;
    for (const [file, hash, mend] of wanted) {
      const text = files.get(file)?.toString('utf8');
      if (text !== undefined && hashText(text) === hash) continue;
      problems.push({
        file,
        message: text === undefined ? 'ありません。' : 'もとのままではありません。',
        mend,
      });
    }
  }
  return problems;
}

const forbidden =
  /^solutions\/|\.mistakes\.|\.test\.ts$|^chapters\/教える人へ\/|^scripts\/class(?!Update|Site)[^/]*$/;

/** 配ってはいけない名前のファイルがないかを調べます。 */
function checkNames(files: ReleaseFiles): Problem[] {
  return [...files.keys()]
    .filter((path) => forbidden.test(path))
    .map((file) => ({ file, message: '学習者に渡さないはずのファイルです。' }));
}

/**
 * git の履歴に、配る版のほかのものがないかを調べます。
 *
 * @param folder - リポジトリ。
 * @param files - 配るファイル。
 * @returns 直すところ。
 */
export async function checkHistory(folder: string, files: ReleaseFiles): Promise<Problem[]> {
  const tracked = await tryGit(folder, ['ls-tree', '-r', '-z', '--name-only', 'HEAD']);
  const now = new Set(tracked.stdout.split('\0').filter((path) => path !== ''));
  const problems: Problem[] = [...files.keys()]
    .filter((path) => !now.has(path))
    .map((file) => ({ file, message: 'コミットに入りませんでした。' }));
  const ever = await tryGit(folder, [
    'log',
    '--all',
    '--format=',
    '--no-renames',
    '--name-only',
    '-z',
    '--root',
  ]);
  for (const file of new Set(ever.stdout.split(/[\0\n]+/).filter((path) => path !== ''))) {
    if (forbidden.test(file)) {
      problems.push({
        file,
        message: '前のコミットに、学習者に渡さないはずのファイルがあります。',
        mend: '新しいフォルダーに作り直してください。',
      });
    }
  }
  return problems;
}
