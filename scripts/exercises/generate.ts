import { dirname, join, relative } from 'node:path';
import * as prettier from 'prettier';
import {
  exerciseChapters,
  hashText,
  listExercises,
  readExerciseFile,
  readHeader,
  starsOf,
  toSlashes,
  type ExerciseFiles,
} from './catalog.ts';
import { manifestPath, type Manifest, type ManifestEntry } from './manifest.ts';
import { exportedNames, makeStub } from './stub.ts';

/** 作るファイルひとつ。 */
export interface GeneratedFile {
  /** リポジトリのいちばん上からの道。 */
  readonly path: string;
  /** 全文。 */
  readonly text: string;
}

// 演習の表(<!-- exercises 章 -->)を置けるところ
const pages = [
  'exercises/README.md',
  ...exerciseChapters.map((chapter) => `chapters/${chapter}/README.md`),
];

/**
 * 解答から作るファイル(学習者が書くファイル、一覧、README の表)を、すべて作ります。書きこみはしません。
 *
 * @param root - リポジトリのいちばん上。
 * @returns 作るファイルと、作れなかった理由(日本語の文)。
 */
export async function generateExercises(
  root: string,
): Promise<{ files: GeneratedFile[]; faults: string[] }> {
  const files: GeneratedFile[] = [];
  const faults: string[] = [];
  const entries: ManifestEntry[] = [];
  for (const exercise of await listExercises(root)) {
    const made = await generateOne(root, exercise);
    if (typeof made === 'string') faults.push(made);
    else {
      files.push(made.stub);
      entries.push(made.entry);
    }
  }
  const manifest: Manifest = { exercises: entries };
  files.push(await format(root, { path: manifestPath, text: JSON.stringify(manifest) }));
  for (const path of pages) {
    const page = await readExerciseFile(root, path);
    if (page !== undefined) files.push({ path, text: fillTables(page, path, entries) });
  }
  return { files, faults };
}

async function generateOne(
  root: string,
  exercise: ExerciseFiles,
): Promise<{ stub: GeneratedFile; entry: ManifestEntry } | string> {
  const { id, chapter, name } = exercise;
  const source = (await readExerciseFile(root, exercise.solution)) ?? '';
  const spec = await readExerciseFile(root, exercise.spec);
  const hints = await readExerciseFile(root, exercise.hints);
  if (spec === undefined) return `${exercise.spec} がありません。`;
  if (hints === undefined) return `${exercise.hints} がありません。`;
  const { header, faults } = readHeader(source, id);
  if (faults.length > 0) return `${exercise.solution}: ${faults.join('')}`;
  let text: string;
  try {
    text = makeStub(source, id);
  } catch (error) {
    return `${exercise.solution}: ${error instanceof Error ? error.message : String(error)}`;
  }
  const stub = await format(root, { path: exercise.stub, text });
  const { title, stars, minutes } = header;
  return {
    stub,
    entry: {
      id,
      chapter,
      name,
      title,
      stars,
      minutes,
      exports: exportedNames(text),
      hashes: {
        stub: hashText(stub.text),
        spec: hashText(spec),
        hints: hashText(hints),
        solution: hashText(source),
      },
    },
  };
}

/**
 * 学習者が書くファイルを、もとの姿で作ります。
 *
 * @param root - リポジトリのいちばん上。
 * @param exercise - 演習。
 * @returns 全文。
 */
export async function originalStub(root: string, exercise: ExerciseFiles): Promise<string> {
  const source = (await readExerciseFile(root, exercise.solution)) ?? '';
  const made = await format(root, {
    path: exercise.stub,
    text: makeStub(source, exercise.id),
  });
  return made.text;
}

async function format(root: string, { path, text }: GeneratedFile): Promise<GeneratedFile> {
  const filepath = join(root, path);
  const options = await prettier.resolveConfig(filepath);
  return { path, text: await prettier.format(text, { ...options, filepath }) };
}

function fillTables(page: string, path: string, entries: readonly ManifestEntry[]): string {
  return page.replace(
    /(<!-- exercises (\S+) -->\n)[\s\S]*?(<!-- \/exercises -->)/g,
    (_, start: string, chapter: string, end: string) => {
      const own = entries.filter((entry) => entry.chapter === chapter);
      const folder = toSlashes(relative(dirname(path), `exercises/${chapter}`));
      return `${start}\n${makeTable(own, folder)}\n\n${end}`;
    },
  );
}

function makeTable(entries: readonly ManifestEntry[], folder: string): string {
  const rows = entries.map(({ id, name, title, stars, minutes }) => {
    return `| [${id}](${folder}/${name}.ts) | ${title} | ${starsOf(stars)} | ${minutes} 分 |`;
  });
  return ['| 番号 | 題 | 難しさ | 目安 |', '| --- | --- | --- | --- |', ...rows].join('\n');
}
