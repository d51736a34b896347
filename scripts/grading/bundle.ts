import { readFile } from 'node:fs/promises';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { basename, dirname, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build as buildBundle, type BuildFailure, type Message, type Plugin } from 'esbuild';
import { toSlashes } from '../exercises/catalog.ts';
import type { Exercise } from './exercises.ts';

/** ファイルの中の場所。 */
export interface Place {
  /** リポジトリのいちばん上からの道。区切りは `/`。 */
  readonly file: string;
  /** 行。1 から。 */
  readonly line: number;
  /** その行に書いてあるもの。 */
  readonly code: string;
}

const longestLine = 200; // 文字。見せる行の長さの限度です

/** はじめに読みこむファイルの名前。 */
export const entryFile = 'entry.mjs';

/** 一つにまとめた採点。あとから `import()` で読みこむものは、別のファイルになります。 */
export interface Bundle {
  /** 書くファイルの名前と中身。{@link entryFile} から始まります。 */
  readonly files: ReadonlyMap<string, string>;
  /** 外から読みこむパッケージの名前。 */
  readonly packages: readonly string[];
  /** エラーのスタックから、学習者のファイルの場所を探します。なければ undefined。 */
  readonly locate: (stack: string) => Place | undefined;
}

/** まとめられなかったわけ。 */
export interface BundleFault {
  readonly kind: 'syntax' | 'missingExport' | 'missingFile';
  /** 一文の説明。 */
  readonly text: string;
  readonly place?: Place | undefined;
}

/**
 * 採点と、それが読みこむもの(学習者のファイル、採点の道具など)を、一つのプログラムにまとめます。パッケージは含めません。
 *
 * 型が合っていなくてもまとめられます。
 *
 * @param root - リポジトリのいちばん上。
 * @param exercise - 演習。
 * @returns まとめたものか、まとめられなかったわけ。
 */
export async function bundleExercise(
  root: string,
  exercise: Exercise,
): Promise<{ bundle: Bundle } | { fault: BundleFault }> {
  try {
    const { outputFiles, metafile } = await buildBundle({
      absWorkingDir: root,
      entryPoints: { entry: exercise.spec },
      outdir: '.',
      outExtension: { '.js': '.mjs' },
      bundle: true,
      splitting: true, // 使わない速い計算の仕組みまで、読みこまないためです
      write: false,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      packages: 'external',
      sourcemap: 'external',
      sourcesContent: true,
      metafile: true,
      charset: 'utf8',
      keepNames: true, // 関数の名前を、採点の文に使います
      logLevel: 'silent',
      // export が一つもないファイルからの読みこみも、export の足りない誤りと同じに扱います
      logOverride: { 'import-is-undefined': 'error' },
      // 型の書き方(import type など)が正しくなくても、採点はできるようにします
      tsconfigRaw: { compilerOptions: { target: 'es2023', verbatimModuleSyntax: false } },
      plugins: [keepModulePaths, useRunner],
    });
    const files = new Map(outputFiles.map(({ path, text }) => [basename(path), text]));
    const packages = Object.values(metafile.outputs)
      .flatMap(({ imports }) => imports)
      .filter(({ external }) => external)
      .map(({ path }) => path);
    return {
      bundle: {
        files: new Map([...files].filter(([name]) => name.endsWith('.mjs'))),
        packages: [...new Set(packages)],
        locate: makeLocator(root, files),
      },
    };
  } catch (error) {
    const { errors } = error as Partial<BuildFailure>;
    if (errors?.[0] === undefined) throw error;
    return { fault: explainFailure(errors, exercise) };
  }
}

/**
 * `import.meta.url` などが、まとめた後も、もとのファイルの場所を指すようにします。
 * 隣のファイル(保存した値や WebAssembly など)を読むプログラムのためです。
 */
export const keepModulePaths: Plugin = {
  name: 'keep-module-paths',
  setup(build) {
    build.onLoad({ filter: /\.[cm]?ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      if (!source.includes('import.meta.')) return { contents: source, loader: 'ts' };
      const values = {
        url: pathToFileURL(path).href,
        filename: path,
        dirname: dirname(path),
      };
      // 行が変わらないように、1 行目の頭に足します
      const contents = `const moduleHere = ${JSON.stringify(values)}; ${source.replace(
        /\bimport\.meta\.(?=(?:url|filename|dirname)\b)/g,
        'moduleHere.',
      )}`;
      return { contents, loader: 'ts' };
    });
  },
};

const runnerNames = new Set(
  'describe suite it test beforeAll beforeEach afterAll afterEach'.split(' '),
);

/**
 * `vitest` から describe や it だけを読みこむ採点では、それらのもとである `@vitest/runner` を読みこみます。
 * 同じものですが、`expect` などの大きな道具を読まないので、ずっと早く始まります。
 */
export const useRunner: Plugin = {
  name: 'use-runner',
  setup(build) {
    build.onResolve({ filter: /^vitest$/ }, async ({ importer }) => {
      const source = await readFile(importer, 'utf8');
      const names = /import \{([^}]*)\} from 'vitest'/.exec(source)?.[1]?.split(',') ?? ['vitest'];
      const small = names.every((name) => runnerNames.has(name.trim()) || name.trim() === '');
      return { path: small ? '@vitest/runner' : 'vitest', external: true };
    });
  },
};

/**
 * エラーのスタックから、学習者のファイルの場所を探す関数を作ります。
 *
 * @param root - リポジトリのいちばん上。
 * @param files - まとめたプログラムと、そのソースマップ(`.map`)の、名前と中身。
 * @returns 探す関数。
 */
export function makeLocator(
  root: string,
  files: ReadonlyMap<string, string>,
): (stack: string) => Place | undefined {
  return (stack) => {
    for (const [, name, line, column] of stack.matchAll(/\/([\w.-]+\.mjs):(\d+):(\d+)/g)) {
      const map = files.get(`${name!}.map`);
      if (map === undefined) continue;
      const payload = JSON.parse(map) as SourceMapPayload;
      const entry = new SourceMap(payload).findEntry(Number(line) - 1, Number(column) - 1);
      if (!('originalSource' in entry)) continue;
      const file = toSlashes(relative(root, resolve(root, entry.originalSource)));
      if (!isLearnersFile(file)) continue;
      const index = payload.sources.indexOf(entry.originalSource);
      const code = payload.sourcesContent[index]?.split(/\r?\n/)[entry.originalLine] ?? '';
      return { file, line: entry.originalLine + 1, code: shorten(code) };
    }
    return undefined;
  };
}

/** 見せる行を、画面に出せる長さにします。 */
function shorten(line: string): string {
  const text = line.trim();
  return text.length <= longestLine ? text : `${text.slice(0, longestLine)} …`;
}

function isLearnersFile(file: string): boolean {
  return /^exercises\/\d[^/]*\/[^/]+\.ts$/.test(file) && !file.endsWith('.spec.ts');
}

/**
 * まとめられなかったわけを、日本語の文にします。
 *
 * @param errors - esbuild のエラー。
 * @param exercise - 演習。
 * @returns わけ。
 */
export function explainFailure(errors: readonly Message[], exercise: Exercise): BundleFault {
  const missing = errors.flatMap(({ text, location }) => {
    const match =
      /^No matching export in "(?<from>.+)" for import "(?<name>.+)"$/.exec(text) ??
      /^Import "(?<name>.+)" will always be undefined because .*"(?<from>.+)"/.exec(text);
    const { from, name } = match?.groups ?? {};
    return from === undefined || name === undefined ? [] : [{ from, name, location }];
  });
  const own = missing.filter(({ from }) => from === exercise.stub);
  if (own.length > 0) {
    const names = own.map(({ name }) => name).join('、');
    return {
      kind: 'missingExport',
      text: `${names} を export していません。名前を変えたり、export を消したりしていないかを確かめてください。`,
    };
  }
  // 文法の誤りを先に見せます。ほかの誤りは、それにつられたものかもしれません
  const error =
    errors.find(
      ({ text }) => !/^(Could not resolve|No matching export|Import ".+" will always)/.test(text),
    ) ?? errors[0]!;
  const place =
    error.location === null
      ? undefined
      : {
          file: toSlashes(error.location.file),
          line: error.location.line,
          code: shorten(error.location.lineText),
        };
  const unresolved = /^Could not resolve "(.+)"$/.exec(error.text)?.[1];
  if (unresolved !== undefined) {
    return { kind: 'missingFile', text: `${unresolved} が見つかりません。`, place };
  }
  const [stray] = missing;
  if (stray !== undefined && stray.location === error.location) {
    return {
      kind: 'missingExport',
      text: `${stray.from} は ${stray.name} を export していません。`,
      place,
    };
  }
  return { kind: 'syntax', text: `文法の誤りで、読みこめません。${inJapanese(error.text)}`, place };
}

/** esbuild の文法の誤りの文を、日本語にします。よくあるものだけです。 */
function inJapanese(text: string): string {
  const swap = /^Expected (.+) but found (.+)$/.exec(text);
  if (swap !== null) {
    return `${quote(swap[1]!)}があるはずのところに、${quote(swap[2]!)}があります。`;
  }
  const unexpected = /^Unexpected (.+)$/.exec(text)?.[1];
  if (unexpected === 'end of file')
    return 'ファイルが途中で終わっています(閉じる括弧が足りません)。';
  if (unexpected !== undefined) return `ここに${quote(unexpected)}は置けません。`;
  if (text === 'Unterminated string literal') return '文字列が閉じられていません。';
  const repeated = /^The symbol "(.+)" has already been declared$/.exec(text)?.[1];
  if (repeated !== undefined) return `「${repeated}」を 2 度宣言しています。`;
  const constant = /^Cannot assign to "(.+)" because it is a constant$/.exec(text)?.[1];
  if (constant !== undefined) return `「${constant}」は const なので、代入できません。`;
  if (/^"await" can only be used/.test(text)) return 'await は、async 関数の中でだけ使えます。';
  return text;
}

function quote(token: string): string {
  if (token === 'end of file') return 'ファイルの終わり';
  return `「${token.replace(/^"(.*)"$/, '$1')}」`;
}
