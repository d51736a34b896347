import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build, type BuildFailure, type Plugin } from 'esbuild';
import { errorText, UserError } from '#platform';

/**
 * 実行の記録が今のプログラムのものかを見分けるための値を求めます。
 *
 * 章の main.ts が読みこむ、このリポジトリのコードを一つにまとめて縮め、その中身と TF.js の版をハッシュにします。
 * 縮めるので、コメントや改行、型注釈を直しても値は変わりません。入出力だけをする `#platform` と、
 * 確かめずみのデータを届けるだけのダウンロードのコードは、結果を変えないので含めません。
 *
 * @param root - リポジトリのいちばん上(package-lock.json のあるところ)。
 * @param program - 章の main.ts。
 * @returns SHA-256 の十六進表記。
 * @throws UserError プログラムをまとめられないとき。
 */
export async function sourceHash(root: string, program: string): Promise<string> {
  return (await describeSource(root, program)).hash;
}

/** プログラムのハッシュと、それに入ったファイル。 */
export interface ProgramSource {
  /** {@link sourceHash} の値。 */
  readonly hash: string;
  /** プログラムが本当に使うファイル。いちばん上からのパスで、区切りは `/` です。 */
  readonly files: readonly string[];
}

/**
 * プログラムのハッシュと、それに入ったファイルを求めます。
 *
 * @param root - リポジトリのいちばん上。
 * @param program - 章の main.ts。
 * @returns ハッシュとファイル。
 * @throws UserError プログラムをまとめられないとき。
 */
export async function describeSource(root: string, program: string): Promise<ProgramSource> {
  const { contents, files } = await bundle(root, program);
  const hash = createHash('sha256');
  hash.update(contents);
  hash.update(JSON.stringify(await engineVersions(root)));
  return { hash: hash.digest('hex'), files };
}

async function bundle(
  root: string,
  program: string,
): Promise<{ contents: Uint8Array; files: string[] }> {
  try {
    const result = await build({
      absWorkingDir: root,
      entryPoints: [program],
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'neutral',
      target: 'es2023',
      packages: 'external',
      external: ['#platform', 'node:*'],
      plugins: [leaveOutDownloads],
      // 変数の名前は縮めません。esbuild は名前を元の文字の多さから決めるので、コメントや型で変わってしまいます
      minifyWhitespace: true,
      minifySyntax: true,
      charset: 'utf8',
      legalComments: 'none',
      logLevel: 'silent',
      metafile: true,
    });
    const inputs = Object.values(result.metafile.outputs).flatMap((output) =>
      Object.entries(output.inputs),
    );
    return {
      contents: result.outputFiles[0]!.contents,
      files: inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) => file),
    };
  } catch (error) {
    throw new UserError(
      `プログラムをまとめられませんでした(${firstFailure(error)})。`,
      'npm run typecheck で、プログラムの間違いを直してください。',
      { cause: error },
    );
  }
}

const leaveOutDownloads: Plugin = {
  name: 'leave-out-downloads',
  setup(bundling) {
    bundling.onResolve({ filter: /\/download(?:Problems)?\.ts$/ }, ({ path, resolveDir }) =>
      basename(resolveDir) === 'datasets' ? { path, external: true } : undefined,
    );
  },
};

function firstFailure(error: unknown): string {
  const failure = (error as Partial<BuildFailure>).errors?.[0];
  if (failure === undefined) return errorText(error);
  const { location, text } = failure;
  return location === null ? text : `${location.file}:${location.line} ${text}`;
}

interface PackageLock {
  packages?: Record<string, { version?: string }>;
}

async function engineVersions(root: string): Promise<[name: string, version: string][]> {
  const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as PackageLock;
  return Object.entries(lock.packages ?? {})
    .map(([path, { version }]): [string, string] => [
      path.replace(/^node_modules\//, ''),
      version ?? '',
    ])
    .filter(([name]) => /^@tensorflow\/[^/]+$/.test(name))
    .sort(([a], [b]) => a.localeCompare(b, 'en'));
}
