import { join } from 'node:path';
import { build } from 'esbuild';
import { fileExists, UserError } from '#platform';
import { listChapters } from '../../chapters.ts';
import type { Exercise } from '../../grading/exercises.ts';
import { git } from './git.ts';

/** 学習者が使うコマンドの、はじめのファイル。ここから読みこむものも配ります。 */
const entries = [
  'scripts/chapter.ts',
  'scripts/grading/main.ts',
  'scripts/grading/child.ts',
  'scripts/hint.ts',
  'scripts/solution.ts',
  'scripts/reset.ts',
  'scripts/progress.ts',
  'scripts/predict.ts',
  'scripts/setupGpu.ts',
  'scripts/classUpdate.ts',
  'scripts/classSite.ts',
] as const;

/** フォルダーごとでなく、名前で配るファイル。 */
const singles: readonly string[] = [
  'scripts/grade.js',
  'exercises/README.md',
  'exercises/results.schema.json',
  'exercises/manifest.json',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'LICENSE',
  '.npmrc',
  '.nvmrc',
  '.editorconfig',
  '.gitattributes',
  '.gitignore',
  '.prettierrc.json',
  '.devcontainer/devcontainer.json',
];

/** 学習者に渡すもの。 */
export interface StudentFiles {
  /** 教材のファイル(リポジトリのいちばん上からの道)。名前の順です。 */
  readonly paths: readonly string[];
  /** プログラムが読みこむパッケージ。 */
  readonly packages: ReadonlySet<string>;
  /** 演習の番号と、その演習が使う、ほかの演習の番号。 */
  readonly uses: ReadonlyMap<string, readonly string[]>;
}

/**
 * 学習者に渡すファイルを選びます。git に加えたファイルだけを見ます。
 *
 * スクリプトと演習の道具は、コマンドと採点から読みこまれるものだけです。章とデータは、テストと、記録や先生のためのもののほかです。
 *
 * @param root - 教材のいちばん上。
 * @param exercises - 選んだ演習。
 * @returns ファイルとパッケージ。
 * @throws UserError git の管理の中でないか、要るファイルがないとき。
 */
export async function listStudentFiles(
  root: string,
  exercises: readonly Exercise[],
): Promise<StudentFiles> {
  const listed = await git(root, ['ls-files', '-z']);
  const tracked = new Set(listed.split('\0').filter((path) => path !== ''));
  const { files, packages, uses } = await followImports(root, exercises);
  const missing = [...files].find((path) => !tracked.has(path));
  if (missing !== undefined) {
    throw new UserError(
      `${missing} は使われていますが、git に加えられていません。`,
      `git add ${missing} で加えるか、使うのをやめてください。`,
    );
  }
  const own = exercises.flatMap(({ stub, spec, hints }) => [stub, spec, hints]);
  const wanted = new Set([...singles, ...own, ...files]);
  const paths = [...tracked].filter((path) => wanted.has(path) || isReading(path)).sort();
  for (const path of own) {
    if (!tracked.has(path) || !(await fileExists(join(root, path)))) {
      throw new UserError(
        `演習のファイル ${path} がありません。`,
        'npm run exercises:sync で作り、git に加えてください。',
      );
    }
  }
  return { paths, packages, uses };
}

/** 章とデータの、学習者が読むものと動かすもの。 */
function isReading(path: string): boolean {
  if (!/^(chapters|datasets)\//.test(path)) return false;
  return !/^chapters\/教える人へ\/|\/fixtures\/|\/record\.json$|(\.test|ForTests)\.ts$|^chapters\/support\/figures\/concepts\//.test(
    path,
  );
}

async function followImports(
  root: string,
  exercises: readonly Exercise[],
): Promise<{
  files: Set<string>;
  packages: Set<string>;
  uses: Map<string, string[]>;
}> {
  const chapters = (await listChapters(root)).filter(({ program }) => program !== undefined);
  const commands = await Promise.all(
    entries.map(async (path) => ((await fileExists(join(root, path))) ? [path] : [])),
  );
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [
      ...commands.flat(),
      ...chapters.map(({ name }) => `chapters/${name}/main.ts`),
      ...exercises.map(({ spec }) => spec),
    ],
    outdir: 'outputs',
    bundle: true,
    splitting: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'silent',
  });
  const files = new Set(Object.keys(metafile.inputs));
  const packages = new Set(
    Object.values(metafile.inputs)
      .flatMap(({ imports }) => imports.filter(({ external }) => external === true))
      .map(({ path }) => /^(@[^/]+\/)?[^/]+/.exec(path)![0]),
  );
  const uses = new Map<string, string[]>();
  const stubs = new Map(exercises.map(({ stub, id }) => [stub, id]));
  for (const { id, stub } of exercises) {
    const imports = metafile.inputs[stub]?.imports ?? [];
    const found = imports.map(({ path }) => path).filter((path) => /^exercises\/\d/.test(path));
    if (found.length > 0) {
      uses.set(
        id,
        found.map((path) => stubs.get(path) ?? path),
      );
    }
  }
  return { files, packages, uses };
}
