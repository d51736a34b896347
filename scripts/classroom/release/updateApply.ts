import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  fileExists,
  InterruptedError,
  listFiles,
  makeTempDir,
  removePath,
  writeFileAtomic,
} from '#platform';
import { tryGit } from './git.ts';
import { readIfPresent, releaseFile, type Release } from './releaseFile.ts';
import type { UpdateAction } from './updatePlan.ts';

/** 学習者のものを残したときに、新しいファイルを置くフォルダー。 */
export const updateFolder = 'outputs/update';

/** 新しくしたときに、学習者の書きかえたものを残すフォルダー。 */
export const ownFolder = 'outputs/update/書きかえたもの';

/** 途中で止まった更新が変えたファイルの一覧。コミットまで終わると消えます。 */
const pendingFile = 'outputs/update/.pending.json';

/**
 * 途中で止まった更新が変えたファイルを読みます。
 *
 * @param root - 学習者の教材。
 * @returns 道。なければ空。
 */
export async function readPending(root: string): Promise<string[]> {
  const text = await readIfPresent(join(root, pendingFile));
  try {
    const list: unknown = JSON.parse(text?.toString('utf8') ?? '[]');
    return Array.isArray(list) ? list.filter((one) => typeof one === 'string') : [];
  } catch {
    return [];
  }
}

/**
 * 更新が終わったので、一覧を消します。
 *
 * @param root - 学習者の教材。
 */
export function clearPending(root: string): Promise<void> {
  return removePath(join(root, pendingFile));
}

/** 更新の仕方。 */
export interface ApplyRequest {
  readonly root: string;
  readonly current: Release;
  readonly incoming: Release;
  /** 新しい版のフォルダー。 */
  readonly folder: string;
  readonly actions: readonly UpdateAction[];
  /** git でコミットするファイルの道。 */
  readonly touched: readonly string[];
  readonly signal: AbortSignal;
}

/**
 * 決めたことを行います。目録は最後に書くので、途中で止まっても、もう一度動かせば続きから終わります。
 *
 * @param request - 更新の仕方。
 * @throws InterruptedError 途中で止められたとき。
 */
export async function applyUpdate(request: ApplyRequest): Promise<void> {
  const { root, current, incoming, folder, actions, touched, signal } = request;
  const read = async (path: string): Promise<Buffer> => (await readIfPresent(join(folder, path)))!;
  await writeFileAtomic(join(root, pendingFile), JSON.stringify(touched));
  for (const action of actions) {
    if (signal.aborted) {
      throw new InterruptedError('もう一度 npm run class:update を打つと、続きから終わります。');
    }
    await perform(root, action);
  }
  if (current.base !== incoming.base) {
    await writeFileAtomic(join(root, incoming.base), await read(incoming.base));
  }
  await writeFileAtomic(join(root, releaseFile), await read(releaseFile));
  // 古いもとの文章は、目録が新しくなってから消します。先に消すと、続きから終われません
  for (const name of await listFiles(join(root, '.course'))) {
    if (/^base-.*\.json\.gz$/.test(name) && `.course/${name}` !== incoming.base) {
      await removePath(join(root, '.course', name));
    }
  }
}

async function perform(root: string, action: UpdateAction): Promise<void> {
  const { kind, path } = action;
  const target = join(root, path);
  switch (kind) {
    case 'orphan':
      return;
    case 'remove':
      await removePath(target);
      return;
    case 'conflict':
      await writeFileAtomic(join(root, updateFolder, path), action.bytes);
      return;
    case 'replace': {
      // 前の更新で残したものを、上から書いて失わないようにします
      let copy = join(root, ownFolder, path);
      for (let n = 2; await fileExists(copy); n++) {
        if ((await readIfPresent(copy))?.equals(action.own) === true) break;
        copy = join(root, ownFolder, `${path}.${n}`);
      }
      await writeFileAtomic(copy, action.own);
      await writeFileAtomic(target, action.bytes);
      return;
    }
    default:
      await writeFileAtomic(target, action.bytes);
  }
}

/**
 * 学習者の書きかえと教材の直しを、`git merge-file` で合わせます。
 *
 * @param own - 学習者のもの。
 * @param base - 今の版のもとの文章。
 * @param incoming - 新しい版の文章。
 * @returns 合わせたもの。重なって合わせられないか、git がなければ undefined。
 */
export async function mergeWithGit(
  own: string,
  base: string,
  incoming: string,
): Promise<string | undefined> {
  const folder = await makeTempDir(join(tmpdir(), 'class-update'));
  try {
    const names = ['own', 'base', 'incoming'];
    for (const [i, text] of [own, base, incoming].entries()) {
      await writeFile(join(folder, names[i]!), text);
    }
    const { code, stdout } = await tryGit(folder, ['merge-file', '-p', ...names]);
    return code === 0 ? stdout : undefined;
  } finally {
    await removePath(folder);
  }
}
