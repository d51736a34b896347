import { spawn } from 'node:child_process';
import { cp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { InterruptedError, makeTempDir, removePath, UserError } from '#platform';
import type { Exercise } from '../../grading/exercises.ts';
import { writeTree } from './publish.ts';
import type { ReleaseFiles } from './releaseFile.ts';

interface Finished {
  readonly code: number | null;
  readonly output: string;
}

/**
 * npm を動かします。
 *
 * @param folder - 動かすフォルダー。
 * @param line - npm の引数。このプログラムの中で決めたものだけです(シェルを通すため)。
 * @param signal - 止める合図。
 * @returns 終了コードと、画面に出たもの。
 */
function npm(folder: string, line: string, signal: AbortSignal): Promise<Finished> {
  return new Promise((resolve, reject) => {
    // Windows の npm はコマンドファイルなので、シェルを通さないと動きません
    const child = spawn(`npm ${line}`, {
      ...{ cwd: folder, shell: true, signal },
      stdio: ['ignore', 'pipe', 'pipe'],
      // npm run の中で動くと、外の npm の設定が混ざります
      env: Object.fromEntries(
        Object.entries(process.env).filter(([name]) => !/^(npm_(?!config_)|INIT_CWD)/i.test(name)),
      ),
    });
    let output = '';
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-20_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', (error) => {
      reject(signal.aborted ? new InterruptedError('配る版は、前のままです。') : error);
    });
    child.once('close', (code) => {
      resolve({ code, output });
    });
  });
}

/**
 * package-lock.json を、減らした package.json に合わせます。
 *
 * @param folder - 配る版を書いたフォルダー。
 * @param signal - 止める合図。
 * @returns 合わせた全文。合わせられなければ undefined。
 */
export async function fitLock(folder: string, signal: AbortSignal): Promise<Buffer | undefined> {
  const { code } = await npm(
    folder,
    'install --package-lock-only --ignore-scripts --prefer-offline --no-audit --no-fund',
    signal,
  );
  if (code !== 0) return undefined;
  return Buffer.from(hoist(await readFile(join(folder, 'package-lock.json'), 'utf8')));
}

const lockSchema = z.looseObject({
  packages: z.record(z.string(), z.looseObject({ version: z.string().optional() })),
});

/**
 * ほかのパッケージの中にだけ入っていて、版が 1 つで、ほかを使わないものを、いちばん上へ移します。
 *
 * パッケージを除いても、npm は残りの場所を変えません。新しく入れたときはいちばん上に来るものを、
 * 書かずに使っているパッケージ(`@tensorflow/tfjs` の `long` など)があるので、同じ場所にします。
 *
 * @param text - package-lock.json の全文。
 * @returns 新しい全文。
 */
export function hoist(text: string): string {
  const lock = lockSchema.parse(JSON.parse(text));
  const places = new Map<string, string[]>();
  for (const path of Object.keys(lock.packages)) {
    if (path === '') continue;
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    places.set(name, [...(places.get(name) ?? []), path]);
  }
  const moves = new Map<string, string>();
  for (const [name, paths] of places) {
    const versions = new Set(paths.map((path) => lock.packages[path]!.version));
    const top = `node_modules/${name}`;
    // ほかのパッケージを使うものは、動かすと行き先が変わることがあるので、そのままにします
    const isLeaf = paths.every((path) => {
      const { dependencies, peerDependencies, optional } = lock.packages[path]!;
      return dependencies === undefined && peerDependencies === undefined && optional !== true;
    });
    if (paths.includes(top) || versions.size > 1 || !isLeaf) continue;
    for (const path of paths) moves.set(path, top);
  }
  const moved = Object.entries(lock.packages).map(
    ([path, value]) => [moves.get(path) ?? path, value] as const,
  );
  const sorted = moved.sort(([a], [b]) => a.localeCompare(b, 'en'));
  return `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`;
}

/**
 * 配る版の写しで、パッケージを入れ、採点し、解答を置くと合格し、型が合うことを確かめます。
 *
 * @param root - 教材のいちばん上。
 * @param files - 配るファイル。
 * @param exercises - 選んだ演習。
 * @param signal - 止める合図。
 * @param onStep - 始めることを受けとる関数。
 * @throws UserError どれかが、思ったとおりにならないとき。
 */
export async function checkInstall(
  root: string,
  files: ReleaseFiles,
  exercises: readonly Exercise[],
  signal: AbortSignal,
  onStep: (step: number) => void,
): Promise<void> {
  const parent = await makeTempDir(join(tmpdir(), 'class-release'));
  const folder = join(parent, 'copy');
  const expectCode = async (line: string, wanted: number): Promise<void> => {
    const { code, output } = await npm(folder, line, signal);
    if (code === wanted) return;
    const shown = output.trimEnd().split('\n');
    const tail = [...shown.slice(0, 6), ...shown.slice(6).slice(-8)].join('\n    ');
    throw new UserError(
      `配る版の写しで npm ${line} が、${wanted} ではなく ${code ?? '途中'} で終わりました。\n    ${tail}`,
      '上の表示を見て、教材の側を直してください。npm ci だけの失敗なら、ネットワークを確かめてください。',
    );
  };
  try {
    await writeTree(folder, files);
    onStep(0);
    await expectCode('ci --no-audit --no-fund', 0);
    onStep(1);
    await expectCode('test', 0);
    onStep(2);
    await expectCode('test -- --strict', 1);
    onStep(3);
    for (const { stub, solution } of exercises) {
      await cp(join(root, solution), join(folder, stub));
    }
    await expectCode('test -- --strict', 0);
    await expectCode('run typecheck', 0);
    onStep(4);
  } finally {
    await removePath(parent);
  }
}
