import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Exercise } from '../../grading/exercises.ts';
import { chapterTitle } from '../../grading/exercises.ts';
import { packBase } from './baseTexts.ts';
import { classroomWorkflow } from './classroomWorkflow.ts';
import { cutManifest, cutManual, cutTables, unlinkMissing } from './exercisePages.ts';
import { cutPackage } from './packageFile.ts';
import { hashContent, releaseFile, type Release, type ReleaseFiles } from './releaseFile.ts';
import type { StudentFiles } from './studentFiles.ts';

/** 先生が決めること。 */
export interface ReleaseSettings {
  /** 教材の題。 */
  readonly title: string;
  /** 新しい版のある場所。なければ空。 */
  readonly source: string;
  /** 質問の仕方。なければ空。 */
  readonly contact: string;
  /** 配る日(`2026-01-31` の形)。 */
  readonly date: string;
  /** 演習ごとの点。 */
  readonly points: Readonly<Record<string, number>>;
  /** サイトを入れるか。 */
  readonly withSite: boolean;
}

/**
 * 学習者に渡すファイルの中身を、サイトと目録を除いて作ります。
 *
 * @param root - 教材のいちばん上。
 * @param exercises - 選んだ演習。
 * @param student - 選んだファイル。
 * @param settings - 先生が決めること。
 * @returns ファイル。
 */
export async function makeContents(
  root: string,
  exercises: readonly Exercise[],
  student: StudentFiles,
  settings: ReleaseSettings,
): Promise<Map<string, Buffer>> {
  const chosen = new Set(exercises.map(({ id }) => id));
  const files = new Map<string, Buffer>();
  for (const path of student.paths) files.set(path, await readFile(join(root, path)));
  const edit = (path: string, change: (text: string) => string): void => {
    const bytes = files.get(path);
    if (bytes === undefined) return;
    files.set(path, Buffer.from(change(bytes.toString('utf8').replaceAll('\r\n', '\n'))));
  };
  for (const { chapter, name, stub } of exercises) {
    files.set(`exercises/.originals/${chapter}/${name}.ts`, files.get(stub)!);
  }
  edit('exercises/manifest.json', (text) => cutManifest(text, chosen));
  edit('exercises/README.md', cutManual);
  edit('package.json', (text) => cutPackage(text, student.packages));
  edit('.gitignore', (text) => text.replace(/^site\/dist\/\n/m, '.course/*.tmp\n'));
  edit(
    '.gitattributes',
    (text) => `${text.trimEnd()}\n*.gz binary\nsite/** linguist-generated -diff\n`,
  );
  files.set('README.md', Buffer.from(await makeReadme(files, settings, chosen.size)));
  files.set('scripts/arrayAt.d.ts', Buffer.from(arrayAt));
  files.set(
    '.github/workflows/classroom.yml',
    Buffer.from(classroomWorkflow(exercises, settings.points)),
  );
  const pages = [...files.keys()].filter((path) => path.endsWith('.md'));
  for (const path of pages) edit(path, (text) => cutTables(text, chosen));
  for (const path of pages) edit(path, (text) => unlinkMissing(path, text, files));
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

// 教材の .at() の型は、学習者に要らないパッケージ(assemblyscript)の型に頼っているので、代わりを置きます
const arrayAt = `// 教材では、配列の .at() の結果が必ずあるものとして書いてあります。
interface Array<T> {
  at(index: number): T;
}
interface ReadonlyArray<T> {
  at(index: number): T;
}
`;

async function makeReadme(
  files: ReleaseFiles,
  { title, date, contact, withSite }: ReleaseSettings,
  count: number,
): Promise<string> {
  const template = await readFile(new URL('studentReadme.md', import.meta.url), 'utf8');
  const chapters = [...files.keys()]
    .map((path) => /^chapters\/(\d[^/]*)\/README\.md$/.exec(path)?.[1])
    .filter((name) => name !== undefined)
    .map((name) => `- [${chapterTitle(name)}](chapters/${name}/README.md)`);
  const values: Readonly<Record<string, string>> = {
    title,
    date,
    count: String(count),
    chapters: chapters.join('\n'),
    site: withSite
      ? '`site/index.html` をブラウザーで開くと、同じ本文をサイトとして読めます。Codespaces では、`npm run site` で開きます。'
      : '',
    contact:
      contact === ''
        ? '分からないことは、先生に聞いてください。'
        : contact.replace(/\s*\n\s*/g, ' '),
  };
  return template
    .replaceAll('\r\n', '\n')
    .replaceAll('](../../../', '](')
    .replace(/\{\{(\w+)\}\}/g, (_, name: string) => values[name] ?? '');
}

/**
 * 目録と、もとの文章を加えて、配る版を仕上げます。
 *
 * @param files - 配るファイル。
 * @param exercises - 選んだ演習。
 * @param settings - 先生が決めること。
 * @returns 目録と、すべてのファイル。
 */
export function sealRelease(
  files: ReleaseFiles,
  exercises: readonly Pick<Exercise, 'id'>[],
  { title, date, source }: Pick<ReleaseSettings, 'title' | 'date' | 'source'>,
): { release: Release; files: Map<string, Buffer> } {
  const base = packBase(files);
  const release: Release = {
    ...{ version: 1, title, date, source, base: base.path },
    exercises: exercises.map(({ id }) => id),
    files: Object.fromEntries([...files].map(([path, bytes]) => [path, hashContent(bytes)])),
  };
  const sealed = new Map(files);
  sealed.set(base.path, base.bytes);
  sealed.set(releaseFile, Buffer.from(`${JSON.stringify(release, null, 1)}\n`));
  return { release, files: sealed };
}
