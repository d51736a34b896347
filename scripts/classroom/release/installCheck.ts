import { spawn } from 'node:child_process';
import { cp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
  return code === 0 ? readFile(join(folder, 'package-lock.json')) : undefined;
}

/**
 * 配る版の写しで、パッケージを入れ、採点し、1 題を解いてみます。
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
    const tail = output.trimEnd().split('\n').slice(-15).join('\n    ');
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
    // ほかの演習を使わない、はじめの演習を解きます
    const [first] = exercises;
    if (first !== undefined) {
      const answer = join(folder, first.stub);
      await cp(join(root, first.solution), answer);
      await expectCode(`test -- ${first.id} --strict`, 0);
    }
    onStep(4);
  } finally {
    await removePath(parent);
  }
}
