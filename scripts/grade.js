/**
 * 採点を始めます: `npm test`。
 *
 * Node.js は TypeScript をそのまま動かせないので、採点のプログラムを esbuild で一つにまとめてから動かします。
 * tsx を通すより早く始まり、まとめたものは、終わるときに消します。
 *
 * @module
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cache = join(root, '.cache');
// まとめたものから見て 2 つ上が、リポジトリのいちばん上です(#platform の projectRoot が、そう数えます)
const folder = join(cache, `grading-${process.pid}`);

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  refuse(
    `Node.js ${process.versions.node} では動きません。`,
    'Node.js 20.19 以上を入れてください。',
  );
}
const esbuild = await import('esbuild').catch(() =>
  refuse(
    '採点に使うパッケージが入っていません。',
    'この教材のフォルダーで npm install を実行してください。',
  ),
);
const building = esbuild.build({
  absWorkingDir: root,
  entryPoints: { main: 'scripts/grading/main.ts', child: 'scripts/grading/child.ts' },
  outdir: folder,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true, // ときどきしか要らないもの(JUnit など)を、別のファイルにします
  write: false,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  charset: 'utf8',
  logLevel: 'error',
  plugins: [
    {
      name: 'packages',
      setup(build) {
        // 使わないパッケージを読みこまないように、読みこむだけで何かをするものはない、と伝えます
        build.onResolve({ filter: /^[^./#]/ }, ({ path, kind }) =>
          kind === 'entry-point' ? undefined : { path, external: true, sideEffects: false },
        );
      },
    },
  ],
});
// esbuild は別のプロセスで働くので、待つ間に、読みこむのに時間のかかるパッケージを読んでおきます
const warming = Promise.allSettled([import('zod'), import('string-width'), import('cli-progress')]);
const { outputFiles } = await building;
await warming;
try {
  mkdirSync(folder, { recursive: true });
  for (const { path, contents } of outputFiles) writeFileSync(path, contents);
} catch {
  refuse(
    `${folder} に書けません。`,
    'ディスクの空きと、教材のフォルダーに書く許可を確かめてください。',
  );
}
process.on('exit', () => {
  removeIfPossible(folder);
});
removeLeftovers();
await import(pathToFileURL(join(folder, 'main.mjs')).href);

/** 前に強制終了された採点の残りを消します。今も動いている採点のものには触りません。 */
function removeLeftovers() {
  for (const name of readdirSync(cache)) {
    const pid = Number(/^grading-(\d+)$/.exec(name)?.[1]);
    if (Number.isNaN(pid) || isRunning(pid)) continue;
    removeIfPossible(join(cache, name));
  }
}

/**
 * 消せなくても、採点は続けます。次に採点するときに、また消してみます。
 *
 * @param {string} path
 */
function removeIfPossible(path) {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // ほかのプログラムが開いている間は、消せないことがあります
  }
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * @param {string} message
 * @param {string} advice
 * @returns {never}
 */
function refuse(message, advice) {
  process.stderr.write(`\n✘ ${message}\n  → ${advice}\n`);
  process.exit(1);
}
