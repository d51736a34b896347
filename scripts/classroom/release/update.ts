import { UserError } from '#platform';
import { readBase } from './baseTexts.ts';
import { readRelease, releaseFile, type Release } from './releaseFile.ts';
import { applyUpdate, clearPending, mergeWithGit, readPending } from './updateApply.ts';
import { commitPaths, isRepository, requireSettled, uncommitted } from './updateGit.ts';
import { damagedFiles, planUpdate, type UpdateAction } from './updatePlan.ts';
import { fetchRelease } from './updateSource.ts';

/** 更新の仕方。 */
export interface UpdateRequest {
  /** 学習者の教材。 */
  readonly root: string;
  /** 新しい版の場所。省くと、目録に書いてある場所。 */
  readonly place: string | undefined;
  /** 何も変えずに、することだけを調べるか。 */
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
}

/** 更新の結果。 */
export interface UpdateReport {
  readonly current: Release;
  readonly incoming: Release;
  readonly actions: readonly UpdateAction[];
  /** 新しい版でパッケージが変わったか。 */
  readonly packagesChanged: boolean;
  /** git でどうしたか。 */
  readonly git: 'committed' | 'unchanged' | 'none';
  /** 学習者のまだコミットしていない変更があるので、コミットしなかったファイル。 */
  readonly leftUncommitted: readonly string[];
}

/**
 * 学習者の教材を、新しい版にします。書いた答えは変えません。
 *
 * @param request - 更新の仕方。
 * @returns したこと。
 * @throws UserError 学習者の版でない、受けとれない、壊れている、マージの途中など。
 */
export async function updateCourse(request: UpdateRequest): Promise<UpdateReport> {
  const { root, place, dryRun, signal } = request;
  const current = await readRelease(root);
  if (current === undefined) {
    throw new UserError(
      `ここは、配られた版ではありません(${releaseFile} がありません)。`,
      '教材そのものの新しい版は、git pull で受けとれます。',
    );
  }
  const source = place ?? current.source;
  if (source === '') {
    throw new UserError(
      '新しい版の場所が決まっていません。',
      '先生から受けとった zip を付けて、npm run class:update -- 新しい版.zip と打ってください。',
    );
  }
  const withGit = await isRepository(root);
  if (withGit) await requireSettled(root);
  const { folder, release: incoming, remove } = await fetchRelease(source, signal);
  try {
    const damaged = await damagedFiles(folder, incoming);
    if (damaged.length > 0) {
      throw new UserError(
        `新しい版が壊れています(${damaged.slice(0, 3).join('、')}${damaged.length > 3 ? ` など ${damaged.length} 個` : ''})。教材は変わっていません。`,
        'もう一度受けとってください。続くときは、先生に知らせてください。',
      );
    }
    const base = await readBase(root, current);
    const actions = await planUpdate({
      ...{ root, current, incoming, folder, base, merge: mergeWithGit },
    });
    const report: Omit<UpdateReport, 'git' | 'leftUncommitted'> = {
      ...{ current, incoming, actions },
      packagesChanged: actions.some(
        ({ kind, path }) => kind !== 'orphan' && path === 'package-lock.json',
      ),
    };
    if (dryRun) return { ...report, git: 'none', leftUncommitted: [] };
    const pending = await readPending(root);
    const dirty = withGit ? await uncommitted(root) : new Set<string>();
    const changing = actions.filter(({ kind }) => kind !== 'conflict' && kind !== 'orphan');
    // 合わせたファイルに、学習者のまだコミットしていない変更があれば、コミットは学習者に任せます
    const left = changing
      .filter(({ kind, path }) => kind === 'merge' && dirty.has(path) && !pending.includes(path))
      .map(({ path }) => path);
    const own = changing.map(({ path }) => path).filter((path) => !left.includes(path));
    const metadata = [releaseFile, current.base, incoming.base];
    const touched = [...new Set([...pending, ...own, ...metadata])];
    const isNewer = JSON.stringify(current) !== JSON.stringify(incoming) || actions.length > 0;
    if (isNewer) {
      await applyUpdate({ root, current, incoming, folder, actions, touched, signal });
    }
    let committed = false;
    if (withGit && (isNewer || pending.length > 0)) {
      committed = await commitPaths(root, touched, `教材を更新(${incoming.date} の版)`);
    }
    await clearPending(root);
    return {
      ...report,
      git: withGit ? (committed ? 'committed' : 'unchanged') : 'none',
      leftUncommitted: left,
    };
  } finally {
    await remove();
  }
}
