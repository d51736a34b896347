import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { devNull, tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { environment, errorCode, removePath, UserError } from '#platform';
import { readCsvFile } from './csv.ts';
import { cell, readStudentRow, type StudentRow } from './roster.ts';
import { diskFile, folderOf, UnreadableError, type SourceFolder } from './sourceTree.ts';
import { gradedSubmissionSchema } from './types.ts';

/** 1 つのリポジトリを受けとるのにかけてよい時間(ミリ秒)。 */
const timeLimit = 120_000;

/** git の URL ひとつ。 */
export interface GitSource {
  readonly student: StudentRow;
  readonly url: string;
  /** 人に見せる URL。パスワードなどを除いたもの。 */
  readonly shown: string;
  /** 枝、タグ、コミット。省くと HEAD。 */
  readonly ref: string;
}

/** 受けとったリポジトリ。 */
export interface FetchedRepository {
  readonly folder: SourceFolder;
  /**
   * 最後のコミットの時刻(ISO 8601)。学習者のコンピューターの時計で付くので、学習者の申告にすぎません。
   */
  readonly committedAt: string | undefined;
  readonly remove: () => Promise<void>;
}

/**
 * git の URL を並べた CSV を読みます。`url` のほかは、名簿と同じ見出しです。
 *
 * @param path - CSV のファイル。
 * @returns URL。CSV の順です。
 * @throws UserError 読めない、URL の列がない、など。
 */
export async function readGitSources(path: string): Promise<GitSource[]> {
  const rows = await readCsvFile(path);
  const sources = rows.map((row) => {
    const written = cell(row, [
      ...['url', 'giturl', 'repository', 'repositoryurl', 'repo'],
      ...['studentrepositoryurl', 'リポジトリ', 'リポジトリurl', 'リポジトリのurl'],
    ]);
    const url = absoluteUrl(written, dirname(path));
    const shown = written.replace(/^([a-z+]+:\/\/)[^/@]*@/i, '$1');
    return { student: readStudentRow(row), url, shown, ref: cell(row, ['ref', 'branch', '枝']) };
  });
  if (!sources.some(({ url }) => url !== '')) {
    throw new UserError(
      `${basename(path)} に、git の URL がありません。`,
      '1 行目を id,name,url などの見出しにして、url の列に URL を書いてください。',
    );
  }
  return sources;
}

/** CSV から見た道も書けるようにします。 */
function absoluteUrl(written: string, folder: string): string {
  const local = resolve(folder, written);
  const isPath =
    written !== '' && !written.startsWith('-') && !/^[a-z][a-z0-9+.-]+:/i.test(written);
  return isPath && existsSync(local) ? local : written;
}

/**
 * リポジトリの、いちばん新しい版だけを受けとります。
 *
 * 作業用のファイルは書き出さず、`git archive` の zip から読むので、リンク、フック、サブモジュール、LFS は働きません。
 *
 * @param source - URL。
 * @param signal - 止める合図。
 * @returns 中身。使い終わったら `remove` を呼んでください。
 * @throws UnreadableError 受けとれないとき。
 * @throws UserError git がないとき。
 */
export async function fetchRepository(
  { url, ref, shown }: GitSource,
  signal: AbortSignal,
): Promise<FetchedRepository> {
  refuseUnsafe(url, ref);
  const folder = await mkdtemp(join(tmpdir(), 'class-grade-'));
  try {
    const repository = join(folder, 'repository.git');
    const archive = join(folder, 'repository.zip');
    const git = (...args: string[]) => runGit(['--git-dir', repository, ...args], signal);
    await runGit(['init', '--quiet', '--bare', '--template=', repository], signal);
    await git(
      ...['fetch', '--quiet', '--depth', '1', '--no-tags', '--no-recurse-submodules'],
      ...['--', url, ref === '' ? 'HEAD' : ref],
    );
    const date = (await git('log', '-1', '--format=%cI', 'FETCH_HEAD')).trim();
    await git('archive', '--format=zip', '-1', '--output', archive, 'FETCH_HEAD');
    const checked = gradedSubmissionSchema.shape.submittedAt.safeParse(date);
    return {
      folder: folderOf([diskFile(archive, 'repository.zip')]),
      committedAt: checked.success ? checked.data : undefined,
      remove: () => removePath(folder),
    };
  } catch (error) {
    await removePath(folder);
    if (errorCode(error) === 'ENOENT') {
      throw new UserError(
        'git が見つかりません。',
        'git を入れてから、もう一度実行してください。',
        {
          cause: error,
        },
      );
    }
    throw new UnreadableError(`${shown} を受けとれません(${explain(error)})。`, { cause: error });
  }
}

function refuseUnsafe(url: string, ref: string): void {
  if (url === '') throw new UnreadableError('git の URL が書いてありません。');
  // `-` で始まると git の選択肢になり、`ext::` などは別のプログラムを動かします
  if (/^-|^[a-z0-9+.-]+::|\p{Cc}/iu.test(url)) {
    throw new UnreadableError('git の URL として使えない書き方です。');
  }
  if (!/^$|^[\p{L}\p{N}_.][\p{L}\p{N}_./-]*$/u.test(ref)) {
    throw new UnreadableError(`ref に「${ref.slice(0, 40)}」は使えません。`);
  }
}

async function runGit(args: readonly string[], signal: AbortSignal): Promise<string> {
  const settings = [
    ...['protocol.ext.allow=never', 'protocol.fd.allow=never', `core.hooksPath=${devNull}`],
    ...['core.symlinks=false', 'core.fsmonitor=false', 'gc.auto=0', 'maintenance.auto=false'],
    ...['filter.lfs.smudge=', 'filter.lfs.process=', 'filter.lfs.required=false'],
  ];
  const { stdout } = await promisify(execFile)(
    'git',
    [...settings.flatMap((setting) => ['-c', setting]), ...args],
    {
      signal,
      timeout: timeLimit,
      windowsHide: true,
      env: {
        ...process.env,
        LC_ALL: 'C',
        GIT_TERMINAL_PROMPT: '0',
        // 窓を開いてパスワードを聞くと、100 人分の窓が開きます
        GIT_ASKPASS: '',
        GCM_INTERACTIVE: 'never',
        GIT_SSH_COMMAND: environment('GIT_SSH_COMMAND') ?? 'ssh -oBatchMode=yes',
        GIT_LFS_SKIP_SMUDGE: '1',
      },
    },
  );
  return stdout;
}

function explain(error: unknown): string {
  if (error instanceof Error && 'killed' in error && error.killed === true) return '時間切れです';
  const text = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
  if (/couldn't find remote ref/i.test(text)) return '中が空か、その名前の枝がありません';
  if (
    /authentication|could not read Username|permission denied|publickey|access denied/i.test(text)
  ) {
    return '見る許可がありません。git でログインしてから、もう一度実行してください';
  }
  if (/could not resolve|unable to access|connection|timed out/i.test(text))
    return 'つながりません';
  if (/not found|does not (?:exist|appear)|no such file/i.test(text)) return '見つかりません';
  return 'git のエラーです';
}
