import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileExists, UserError } from '#platform';

/** 章ひとつ。 */
export interface Chapter {
  /** 番号(`01`、`02-1` など)。 */
  readonly id: string;
  /** フォルダーの名前(`01-fully-connected` など)。 */
  readonly name: string;
  /** フォルダーの絶対パス。 */
  readonly directory: string;
  /** 章のプログラム main.ts の絶対パス。読むだけの章では undefined。 */
  readonly program: string | undefined;
}

/**
 * 章を番号の順に並べます。
 *
 * @param root - リポジトリのいちばん上。
 * @returns 章の一覧。
 */
export async function listChapters(root: string): Promise<Chapter[]> {
  const chapters: Chapter[] = [];
  const entries = await readdir(join(root, 'chapters'), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => a.name.localeCompare(b.name, 'en'))) {
    const id = /^(\d{2}(?:-\d+)?)-\D/.exec(entry.name)?.[1];
    if (id === undefined || !entry.isDirectory()) continue;
    const directory = join(root, 'chapters', entry.name);
    const program = join(directory, 'main.ts');
    chapters.push({
      id,
      name: entry.name,
      directory,
      program: (await fileExists(program)) ? program : undefined,
    });
  }
  return chapters;
}

/**
 * 番号かフォルダーの名前から、プログラムのある章を探します。`1` のように 0 を省いても探せます。
 *
 * @param root - リポジトリのいちばん上。
 * @param query - 番号か名前。
 * @returns 見つかった章。program は必ずあります。
 * @throws UserError 見つからないとき、または `02` のように二つ以上に当てはまるとき。文に章の一覧が入ります。
 */
export async function findChapter(
  root: string,
  query: string | undefined,
): Promise<Chapter & { program: string }> {
  const chapters = (await listChapters(root)).filter(hasProgram);
  const list = await describeChapters(chapters);
  if (query === undefined) {
    throw new UserError('章の番号がありません。', `次の中から選んでください。\n${list}`);
  }
  const wanted = /^\d(?:-|$)/.test(query) ? `0${query}` : query;
  const exact = chapters.filter(({ id, name }) => id === wanted || name === wanted);
  const matches =
    exact.length > 0 ? exact : chapters.filter(({ id }) => id.startsWith(`${wanted}-`));
  if (matches.length === 1) return matches[0]!;
  const reason =
    matches.length === 0
      ? `章「${query}」はありません。`
      : `「${query}」に当てはまる章が ${matches.length} つあります。`;
  throw new UserError(reason, `次の中から選んでください。\n${list}`);
}

function hasProgram(chapter: Chapter): chapter is Chapter & { program: string } {
  return chapter.program !== undefined;
}

/**
 * プログラムのある章の一覧を、1行に1つずつ書きます。
 *
 * @param root - リポジトリのいちばん上。
 * @returns 番号と題。
 */
export async function chapterList(root: string): Promise<string> {
  return describeChapters((await listChapters(root)).filter(hasProgram));
}

async function describeChapters(chapters: readonly Chapter[]): Promise<string> {
  const lines = await Promise.all(
    chapters.map(async (chapter) => `      ${chapter.id.padEnd(6)}${await titleOf(chapter)}`),
  );
  return lines.join('\n');
}

/** 章の題です。README の見出しか、まだなければプログラムの title から読みます。 */
async function titleOf({ name, directory, program }: Chapter): Promise<string> {
  const heading = await firstMatch(join(directory, 'README.md'), /^# +(.+)$/m);
  const title = program && (await firstMatch(program, /^ +title: '(.+)',$/m));
  return heading ?? title ?? name;
}

async function firstMatch(path: string, pattern: RegExp): Promise<string | undefined> {
  if (!(await fileExists(path))) return undefined;
  return pattern.exec(await readFile(path, 'utf8'))?.[1]?.trim();
}
