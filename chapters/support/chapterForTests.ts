import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

// 章のテストで使います。利用者と同じように、別のプロセスで章を動かして、画面とファイルを見ます。

/** 動かし終えたプログラム。 */
export interface ChapterResult {
  /** 終了コード。 */
  code: number | null;
  /** 標準出力の全部。 */
  stdout: string;
  /** 標準エラーの全部。 */
  stderr: string;
}

/** 動いている間に、出力を見て何かをする関数。`interrupt` を呼ぶと Ctrl-C を送ります。 */
export type OutputWatcher = (text: string, interrupt: () => void) => void;

/**
 * 章のプログラムを動かす関数を作ります。
 *
 * @param program - main.ts の URL。
 * @param env - 加える環境変数。
 * @returns 引数を受けとって動かす関数。
 */
export function chapterRunner(
  program: URL,
  env: NodeJS.ProcessEnv = {},
): (args: readonly string[], onOutput?: OutputWatcher) => Promise<ChapterResult> {
  return (args, onOutput) => {
    const child = spawn(process.execPath, ['--import', 'tsx', fileURLToPath(program), ...args], {
      env: { ...process.env, NO_COLOR: '1', ...env },
    });
    const result: ChapterResult = { code: null, stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => {
      result.stdout += chunk.toString();
      onOutput?.(result.stdout, () => child.kill('SIGINT'));
    });
    child.stderr.on('data', (chunk: Buffer) => (result.stderr += chunk.toString()));
    return new Promise((resolve) => {
      child.on('close', (code) => {
        resolve({ ...result, code });
      });
    });
  };
}

/**
 * 章が書いた記録を読みます。
 *
 * @param output - 出力のフォルダー。
 * @param file - 記録のファイル。
 * @returns 中身。
 */
export async function readChapterRun<T>(output: string, file = 'run.json'): Promise<T> {
  return JSON.parse(await readFile(join(output, file), 'utf8')) as T;
}
