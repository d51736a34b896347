import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type BuildFailure } from 'esbuild';
import { errorText, UserError } from '#platform';

/**
 * 実行の記録が今のプログラムのものかを見分けるための値を求めます。
 *
 * 章の main.ts が読みこむ、このリポジトリのコードを一つにまとめて縮め、その中身と TF.js の版をハッシュにします。
 * 縮めるので、コメントや改行、型注釈を直しても値は変わりません。入出力だけをする `#platform` は含めません。
 *
 * @param root - リポジトリのいちばん上(package-lock.json のあるところ)。
 * @param program - 章の main.ts。
 * @returns SHA-256 の十六進表記。
 * @throws UserError プログラムをまとめられないとき。
 */
export async function sourceHash(root: string, program: string): Promise<string> {
  const hash = createHash('sha256');
  hash.update(await bundle(root, program));
  hash.update(JSON.stringify(await engineVersions(root)));
  return hash.digest('hex');
}

async function bundle(root: string, program: string): Promise<Uint8Array> {
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
      // 変数の名前は縮めません。esbuild は名前を元の文字の多さから決めるので、コメントや型で変わってしまいます
      minifyWhitespace: true,
      minifySyntax: true,
      charset: 'utf8',
      legalComments: 'none',
      logLevel: 'silent',
    });
    return result.outputFiles[0]!.contents;
  } catch (error) {
    throw new UserError(
      `プログラムをまとめられませんでした(${firstFailure(error)})。`,
      'npm run typecheck で、プログラムの間違いを直してください。',
      { cause: error },
    );
  }
}

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
