import { join } from 'node:path';
import { fileExists } from '#platform';
import { isAnswerFile, isCourseOwned } from './ownership.ts';
import { hashContent, isText, readIfPresent, type Release } from './releaseFile.ts';

/** ファイルひとつにすること。 */
export type UpdateAction =
  /** 新しい中身を書きます。 */
  | { readonly kind: 'write'; readonly path: string; readonly bytes: Buffer }
  /** 消します。 */
  | { readonly kind: 'remove'; readonly path: string }
  /** 新しい中身を書き、学習者の書きかえたものを別の場所に残します。 */
  | {
      readonly kind: 'replace';
      readonly path: string;
      readonly bytes: Buffer;
      readonly own: Buffer;
    }
  /** 学習者の書きかえと、教材の直しを合わせて書きます。 */
  | {
      readonly kind: 'merge';
      readonly path: string;
      readonly bytes: Buffer;
    }
  /** 学習者のものを残し、新しい中身を別の場所に置きます。 */
  | {
      readonly kind: 'conflict';
      readonly path: string;
      readonly bytes: Buffer;
      readonly why: 'answer' | 'overlap' | 'noBase' | 'binary';
    }
  /** 教材からはなくなりましたが、書きかえてあるので残します。 */
  | { readonly kind: 'orphan'; readonly path: string };

/** 三方向のマージ。合わせられなければ undefined。 */
export type Merge = (own: string, base: string, incoming: string) => Promise<string | undefined>;

/** 更新を決めるのに要るもの。 */
export interface PlanRequest {
  /** 学習者の教材。 */
  readonly root: string;
  /** 今の版の目録。 */
  readonly current: Release;
  /** 新しい版の目録と、フォルダー。 */
  readonly incoming: Release;
  readonly folder: string;
  /** 今の版の、もとの文章。 */
  readonly base: ReadonlyMap<string, string>;
  readonly merge: Merge;
}

/**
 * 更新ですることを、何も書かずに決めます。途中で止まった更新の続きでも、同じように決まります。
 *
 * @param request - 今の版と新しい版。
 * @returns すること。道の順です。
 */
export async function planUpdate(request: PlanRequest): Promise<UpdateAction[]> {
  const { current, incoming } = request;
  const paths = new Set([...Object.keys(current.files), ...Object.keys(incoming.files)]);
  const actions: UpdateAction[] = [];
  for (const path of [...paths].sort()) {
    const action = await decide(request, path);
    if (action !== undefined) actions.push(action);
  }
  return actions;
}

async function decide(request: PlanRequest, path: string): Promise<UpdateAction | undefined> {
  const { root, current, incoming, folder, base, merge } = request;
  const before = current.files[path];
  const after = incoming.files[path];
  const own = await readIfPresent(join(root, path));
  const now = own && hashContent(own);
  if (after === undefined) {
    if (own === undefined) return undefined;
    return { kind: now === before ? 'remove' : 'orphan', path };
  }
  // 学習者が変え(消し)、教材は変わっていないものは、そのままにします
  if (now === after || before === after) return undefined;
  const bytes = (await readIfPresent(join(folder, path)))!;
  if (own === undefined || now === before) return { kind: 'write', path, bytes };
  if (isAnswerFile(path)) return { kind: 'conflict', path, bytes, why: 'answer' };
  if (isCourseOwned(path)) return { kind: 'replace', path, bytes, own };
  if (!isText(own) || !isText(bytes)) return { kind: 'conflict', path, bytes, why: 'binary' };
  const old = base.get(path);
  if (old === undefined) return { kind: 'conflict', path, bytes, why: 'noBase' };
  const plain = own.toString('utf8').replaceAll('\r\n', '\n');
  const merged = await merge(plain, old.replaceAll('\r\n', '\n'), bytes.toString('utf8'));
  if (merged === undefined) return { kind: 'conflict', path, bytes, why: 'overlap' };
  if (merged === plain) return undefined; // 途中で止まった更新で、もう合わせてあります
  // 改行は、学習者のファイルに合わせます
  const text = own.includes('\r\n') ? merged.replaceAll('\n', '\r\n') : merged;
  return { kind: 'merge', path, bytes: Buffer.from(text) };
}

/**
 * 新しい版のファイルが、目録のとおりかを調べます。途中で切れた zip などで、更新しないためです。
 *
 * @param folder - 新しい版のフォルダー。
 * @param release - 新しい版の目録。
 * @returns 足りないか、目録と違うファイル。
 */
export async function damagedFiles(folder: string, release: Release): Promise<string[]> {
  const damaged: string[] = [];
  for (const [path, hash] of Object.entries(release.files)) {
    const bytes = await readIfPresent(join(folder, path));
    if (bytes === undefined || hashContent(bytes) !== hash) damaged.push(path);
  }
  if (!(await fileExists(join(folder, release.base)))) damaged.push(release.base);
  return damaged;
}
