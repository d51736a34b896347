import { cp, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileExists, moveIntoPlace, removePath, UserError, writeFileAtomic } from '#platform';
import { walk } from './answerlessSite.ts';
import { git, identityArgs, tryGit } from './git.ts';
import {
  hashContent,
  readIfPresent,
  readRelease,
  releaseFile,
  type ReleaseFiles,
} from './releaseFile.ts';

/** 置く前の、前の版の様子。 */
export interface Previous {
  /** 前の版があるか。 */
  readonly exists: boolean;
  /** 前の版の git を引き継げるか。 */
  readonly hasGit: boolean;
  /** 前の版のファイルでないもの(動かしたときにできたものなど)。新しい版にも残します。 */
  readonly extras: readonly string[];
}

/**
 * 置き場所を、何も変えずに調べます。
 *
 * @param out - 置き場所。
 * @returns 前の版の様子。
 * @throws UserError ほかのものがあるか、前の版を手で書きかえてあるとき。
 */
export async function inspectTarget(out: string): Promise<Previous> {
  const present = await walk(out, ['.git', 'node_modules']);
  const hasGit = await fileExists(join(out, '.git'));
  const release = await readRelease(out);
  if (release === undefined) {
    if (present.length > 0 || hasGit) {
      throw new UserError(
        `${out} には、学習者の版ではないものがあります。何も変えていません。`,
        '空のフォルダーか、前に class:release で作ったフォルダーを指定してください。',
      );
    }
    return { exists: false, hasGit: false, extras: [] };
  }
  const own = new Set([...Object.keys(release.files), release.base, releaseFile]);
  const changed: string[] = [];
  for (const [path, hash] of Object.entries(release.files)) {
    const bytes = await readIfPresent(join(out, path));
    if (bytes === undefined || hashContent(bytes) !== hash) changed.push(path);
  }
  if (changed.length > 0) {
    throw new UserError(
      `${out} の ${changed.slice(0, 3).join('、')}${changed.length > 3 ? ` など ${changed.length} 個` : ''}が、手で書きかえられています。何も変えていません。`,
      '直すのは教材の側にして、このフォルダーは git restore . で戻してください。',
    );
  }
  return { exists: true, hasGit, extras: present.filter((path) => !own.has(path)) };
}

/**
 * ファイルをフォルダーに書きます。
 *
 * @param folder - フォルダー。
 * @param files - 書くファイル。
 */
export async function writeTree(folder: string, files: ReleaseFiles): Promise<void> {
  for (const [path, bytes] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFileAtomic(join(folder, path), bytes);
  }
}

/** コミットの結果。 */
export type Committed = 'committed' | 'unchanged' | 'noGit' | 'insideRepository';

/**
 * 書いたものを、git の 1 つのコミットにします。前の版があれば、その後に加えます。
 *
 * @param folder - 書いたフォルダー。
 * @param out - あとで置く場所。
 * @param previous - 前の版の様子。
 * @param date - 配る日。
 * @returns 結果。
 */
export async function commitTree(
  folder: string,
  out: string,
  previous: Previous,
  date: string,
): Promise<Committed> {
  if (previous.hasGit) {
    await cp(join(out, '.git'), join(folder, '.git'), { recursive: true });
  } else {
    const outer = await tryGit(dirname(out), ['rev-parse', '--is-inside-work-tree']);
    if (outer.code === 127) return 'noGit';
    if (outer.code === 0) return 'insideRepository';
    await git(folder, ['init', '--quiet']);
    await git(folder, ['symbolic-ref', 'HEAD', 'refs/heads/main']);
  }
  await git(folder, ['-c', 'core.autocrlf=false', 'add', '--all', '--force', '.']);
  const status = await git(folder, ['status', '--porcelain']);
  if (status === '') return 'unchanged';
  const message = previous.hasGit ? `教材を更新(${date})` : `学習者の版(${date})`;
  const identity = await identityArgs(folder);
  await git(folder, [...identity, 'commit', '--quiet', '--no-verify', '--message', message]);
  return 'committed';
}

/**
 * できたものを、置き場所と入れかえます。前の版のファイルでなかったものは、新しい版に移します。
 *
 * @param folder - できたもの。
 * @param out - 置き場所。
 * @param previous - 前の版の様子。
 */
export async function swapIn(folder: string, out: string, previous: Previous): Promise<void> {
  const old = `${folder}-old`;
  const had = await fileExists(out);
  if (had) await moveIntoPlace(out, old);
  try {
    await moveIntoPlace(folder, out);
  } catch (error) {
    if (had) await moveIntoPlace(old, out);
    throw error;
  }
  if (!had) return;
  for (const path of [...previous.extras, 'node_modules']) {
    if (!(await fileExists(join(old, path))) || (await fileExists(join(out, path)))) continue;
    await mkdir(dirname(join(out, path)), { recursive: true });
    await moveIntoPlace(join(old, path), join(out, path));
  }
  await removePath(old);
}
