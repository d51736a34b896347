import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build as buildBundle, type Metafile, type Plugin } from 'esbuild';
import { makeDir, writeFileAtomic } from '#platform';
import { toSlashes } from '../../exercises/catalog.ts';
import { keepModulePaths, useRunner } from '../../grading/bundle.ts';
import type { Exercise } from '../../grading/exercises.ts';
import { tensorPackages } from '../../grading/run.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const tensorPackage = tensorPackages.at(-1)!;

/** 隔離されたプロセスが動かすもの。 */
export interface SandboxPrograms {
  /** 置いてあるフォルダー。 */
  readonly folder: string;
  /** はじめに動かすファイル。 */
  readonly child: string;
  /** 演習の番号ごとの採点。 */
  readonly specs: ReadonlyMap<string, SpecProgram>;
  /** 中身から決まる印。同じ提出を採点し直さなくてよいかを決めるのに使います。 */
  readonly contents: readonly string[];
}

/** 演習ひとつの採点。 */
export interface SpecProgram {
  /** ファイル(`file:` の URL)。 */
  readonly url: string;
  /** TF.js を使うか。 */
  readonly usesTensors: boolean;
}

/**
 * 配ったときのままの採点を、隔離されたプロセスで動かせる形にまとめて、フォルダーに書きます。
 * 提出されたファイルの代わりに、answers.ts から受けとるようにします。
 *
 * @param root - リポジトリのいちばん上。
 * @param exercises - 採点する演習。
 * @param folder - 書くフォルダー。リポジトリの中に置きます(パッケージを読みこむため)。
 * @returns 動かすもの。
 */
export async function buildSandboxPrograms(
  root: string,
  exercises: readonly Exercise[],
  folder: string,
): Promise<SandboxPrograms> {
  const { outputFiles, metafile } = await buildBundle({
    absWorkingDir: root,
    entryPoints: {
      child: join(here, 'child.ts'),
      ...Object.fromEntries(exercises.map(({ id, spec }) => [`spec-${id}`, join(root, spec)])),
    },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true, // answers.ts と NotImplementedError は、どの採点でも同じものでなければなりません
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    charset: 'utf8',
    keepNames: true,
    logLevel: 'silent',
    metafile: true,
    tsconfigRaw: { compilerOptions: { target: 'es2023', verbatimModuleSyntax: false } },
    plugins: [answersFromSubmission(root, exercises), keepModulePaths, useRunner],
  });
  await makeDir(folder);
  for (const { path, contents } of outputFiles) await writeFileAtomic(path, contents);
  const specs = new Map(
    exercises.map(({ id }): [string, SpecProgram] => {
      const file = `spec-${id}.mjs`;
      return [
        id,
        {
          url: pathToFileURL(join(folder, file)).href,
          usesTensors: importsTensors(metafile, file),
        },
      ];
    }),
  );
  const contents = outputFiles.map(({ path, hash }) => `${basename(path)} ${hash}`).sort();
  return { folder, child: join(folder, 'child.mjs'), specs, contents };
}

function answersFromSubmission(root: string, exercises: readonly Exercise[]): Plugin {
  const namesOf = new Map(exercises.map(({ stub, exports }) => [join(root, stub), exports]));
  return {
    name: 'answers-from-submission',
    setup(build) {
      build.onResolve({ filter: /^\.\/\d\d-.*\.ts$/ }, ({ path, importer }) => {
        const full = resolve(dirname(importer), path);
        return namesOf.has(full) ? { path: full, namespace: 'answer' } : undefined;
      });
      build.onLoad({ filter: /.*/, namespace: 'answer' }, ({ path }) => ({
        contents: [
          `import { loadAnswer } from ${JSON.stringify(toSlashes(join(here, 'answers.ts')))};`,
          'const answer = loadAnswer();',
          ...namesOf.get(path)!.map((name) => `export const ${name} = answer.${name};`),
        ].join('\n'),
        loader: 'ts',
        resolveDir: here,
      }));
    },
  };
}

/** あとから読みこむものを除き、読みこむものをたどって、TF.js があるかを調べます。 */
function importsTensors({ outputs }: Metafile, entry: string): boolean {
  const byName = new Map(Object.entries(outputs).map(([path, one]) => [basename(path), one]));
  const seen = new Set<string>();
  const visit = (name: string): boolean => {
    if (seen.has(name)) return false;
    seen.add(name);
    return (byName.get(name)?.imports ?? []).some(({ path, external, kind }) =>
      external === true
        ? path === tensorPackage
        : kind === 'import-statement' && visit(basename(path)),
    );
  };
  return visit(entry);
}
