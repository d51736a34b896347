import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { hashText, toSlashes } from '../exercises/catalog.ts';
import type { Exercise } from '../grading/exercises.ts';
import { hashOfFile } from '../grading/integrity.ts';
import { answerLimit } from './answerText.ts';
import { shorten } from './pickAnswers.ts';
import type { SourceNode } from './sourceTree.ts';

/** 採点のしくみの入ったフォルダー。 */
const graderFolders = ['exercises/support', 'scripts/grading'];

/** 配ったときのままのはずのファイル。 */
export interface PristineFile {
  /** リポジトリのいちばん上からの道。 */
  readonly path: string;
  readonly kind: '採点の仕様' | 'ヒント' | '採点のしくみ';
  /** 人に見せる名前。 */
  readonly shown: string;
  readonly hash: string;
}

/**
 * 配ったときのままのはずのファイルを並べます。
 *
 * @param root - リポジトリのいちばん上。
 * @param exercises - 演習。
 * @returns ファイルとハッシュ。
 */
export async function listPristine(
  root: string,
  exercises: readonly Exercise[],
): Promise<PristineFile[]> {
  const files: PristineFile[] = [];
  for (const { id, spec, hints, hashes } of exercises) {
    files.push({ path: spec, kind: '採点の仕様', shown: id, hash: hashes.spec });
    files.push({ path: hints, kind: 'ヒント', shown: id, hash: hashes.hints });
  }
  for (const folder of graderFolders) {
    const names = await readdir(join(root, folder), { recursive: true }).catch(() => []);
    for (const name of names.sort()) {
      const path = `${folder}/${toSlashes(name)}`;
      const hash = path.endsWith('.ts') ? await hashOfFile(join(root, path)) : undefined;
      if (hash !== undefined) files.push({ path, kind: '採点のしくみ', shown: path, hash });
    }
  }
  return files;
}

/**
 * 提出物の中の仕様やヒントが、配ったものと同じかを調べます。採点には、いつも配ったものを使うので、知らせるだけです。
 *
 * 古い版の教材を使っていても違いは出るので、書きかえたとは言いきりません。
 *
 * @param nodes - 提出物の中にあるもの。
 * @param pristine - {@link listPristine} の結果。
 * @returns 違いがあれば、知らせの文。
 */
export async function describeChanges(
  nodes: ReadonlyMap<string, SourceNode>,
  pristine: readonly PristineFile[],
): Promise<string | undefined> {
  const base = findBase(nodes, pristine);
  if (base === undefined) return undefined;
  const changed = new Map<PristineFile['kind'], string[]>();
  const folders = new Set(
    [...nodes.keys()].filter((path) => path.endsWith('.spec.ts')).map(parent),
  );
  for (const { path, kind, shown, hash } of pristine) {
    const node = nodes.get(base + path);
    const deleted = kind === '採点の仕様' && folders.has(parent(base + path));
    const isSame = node === undefined ? !deleted : (await hashOfNode(node)) === hash;
    if (!isSame) changed.set(kind, [...(changed.get(kind) ?? []), shown]);
  }
  if (changed.size === 0) return undefined;
  const kinds = [...changed].map(([kind, names]) => `${kind}(${shorten(names)})`).join('、');
  return `${kinds}が、書きかえられているか、古い版です。採点には、配ったものを使いました。`;
}

/** 提出物の中の、教材のいちばん上。 */
function findBase(
  nodes: ReadonlyMap<string, SourceNode>,
  pristine: readonly PristineFile[],
): string | undefined {
  const known = new Set(pristine.map(({ path }) => path));
  const bases = new Set<string>();
  for (const path of nodes.keys()) {
    const at = /(?:^|\/)(?=(?:exercises|scripts)\/)/.exec(path);
    if (at === null) continue;
    const base = path.slice(0, at.index + at[0].length);
    if (known.has(path.slice(base.length))) bases.add(base);
  }
  return [...bases].sort(
    (a, b) => a.split('/').length - b.split('/').length || (a < b ? -1 : 1),
  )[0];
}

function parent(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

async function hashOfNode(node: SourceNode): Promise<string | undefined> {
  if (node.kind !== 'file') return undefined;
  const bytes = await node.read(answerLimit).catch(() => undefined);
  return bytes === undefined ? undefined : hashText(bytes.toString('utf8'));
}
