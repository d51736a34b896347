import { spawn } from 'node:child_process';
import { errorCode, UserError } from '#platform';

/** 終わった git。 */
export interface GitOutcome {
  /** 終了コード。 */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** git の動かし方。 */
export interface GitRequest {
  /** 標準入力に渡すもの。 */
  readonly input?: string;
  /** 途中で止める合図。 */
  readonly signal?: AbortSignal;
}

/**
 * git を動かします。シェルは通しません。
 *
 * @param folder - 動かすフォルダー。
 * @param args - 引数。
 * @param request - 動かし方。
 * @returns 結果。失敗しても投げません。git がないときは、code が 127 です。
 */
export function tryGit(
  folder: string,
  args: readonly string[],
  { input = '', signal }: GitRequest = {},
): Promise<GitOutcome> {
  return new Promise((resolve, reject) => {
    // GIT_DIR などがあると、別のリポジトリを変えてしまいます
    const inherited = Object.entries(process.env).filter(
      ([name]) => !/^GIT_(DIR|WORK_TREE|INDEX_FILE|COMMON_DIR|PREFIX)$/.test(name),
    );
    const child = spawn('git', args, {
      cwd: folder,
      env: { ...Object.fromEntries(inherited), LC_ALL: 'C' },
      ...(signal && { signal }),
    });
    const chunks: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
    child.stdout.on('data', (chunk: Buffer) => chunks.stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.stderr.push(chunk));
    child.stdin.on('error', () => undefined); // 先に終わった git には、残りを渡せません
    child.stdin.end(input);
    child.once('error', (error) => {
      if (errorCode(error) === 'ENOENT') resolve({ code: 127, stdout: '', stderr: error.message });
      else reject(error);
    });
    child.once('close', (code) => {
      const text = (name: 'stdout' | 'stderr'): string => Buffer.concat(chunks[name]).toString();
      resolve({ code: code ?? 1, stdout: text('stdout'), stderr: text('stderr') });
    });
  });
}

/**
 * git を動かし、失敗したら止めます。
 *
 * @param folder - 動かすフォルダー。
 * @param args - 引数。
 * @param request - 動かし方。
 * @returns 標準出力。
 * @throws UserError git がないか、失敗したとき。
 */
export async function git(
  folder: string,
  args: readonly string[],
  request: GitRequest = {},
): Promise<string> {
  const { code, stdout, stderr } = await tryGit(folder, args, request);
  if (code === 0) return stdout;
  if (code === 127) {
    throw new UserError('git が見つかりません。', 'git を入れてから、もう一度実行してください。');
  }
  const reason = lastLine(stderr);
  throw new UserError(
    `git ${args.find((arg) => !arg.startsWith('-') && !arg.includes('=')) ?? ''} が失敗しました(${reason})。`,
    `${folder} の git の様子を確かめてください。`,
  );
}

/**
 * コミットに書く名前が決まっていないときの、代わりの指定です。
 *
 * @param folder - リポジトリ。
 * @returns git の初めに付ける引数。名前が決まっていれば空。
 */
export async function identityArgs(folder: string): Promise<string[]> {
  const known = await tryGit(folder, ['var', 'GIT_AUTHOR_IDENT']);
  const configured = await tryGit(folder, ['config', 'user.email']);
  if (known.code === 0 && configured.code === 0) return [];
  return ['-c', 'user.name=class', '-c', 'user.email=class@example.invalid'];
}

/**
 * git のエラーから、いちばん大事な終わりの行を取り出します。
 *
 * @param text - 標準エラー出力。
 * @returns 終わりの行。なければ空。
 */
export function lastLine(text: string): string {
  return /[^\n]*$/.exec(text.trim())![0];
}
