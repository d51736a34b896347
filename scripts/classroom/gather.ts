import { errorText } from '#platform';
import { archiveKind, entryLimit, isPassedOver, openZip, type OpenedZip } from './archives.ts';
import { splitAttempt } from './naming.ts';
import {
  UnreadableError,
  type SourceFile,
  type SourceFolder,
  type SourceNode,
} from './sourceTree.ts';

/** 中まで見るフォルダーの深さ。 */
const depthLimit = 12;

/** zip の中の zip の大きさの限り(バイト)。 */
const nestedLimit = 64_000_000;

/** 1 つの提出で開く zip の数。 */
const archiveLimit = 8;

/** 提出ひとつの中にあるもの。 */
export interface GatheredFiles {
  /** 提出物の中の道(区切りは `/`)と、そこにあるもの。フォルダーは入っていません。 */
  readonly nodes: ReadonlyMap<string, SourceNode>;
  /** 見つけた困りごと(日本語の文)。 */
  readonly notes: readonly string[];
  /** 開いた zip を閉じます。 */
  readonly close: () => void;
}

/** {@link gatherFiles} に渡すもの。 */
export interface GatherRequest {
  readonly folder: SourceFolder;
  /** すでに zip の中にいる深さ。zip の中の zip までを開きます。 */
  readonly archiveDepth: number;
  /** 演習のファイルがもうあるか。あれば、中の zip は開きません。 */
  readonly hasExercises: (nodes: ReadonlyMap<string, SourceNode>) => boolean;
}

/**
 * 提出ひとつの中を、浅いところから順に見ます。
 *
 * @param request - 見るところ。
 * @returns 中にあるもの。使い終わったら `close` を呼んでください。
 */
export async function gatherFiles(request: GatherRequest): Promise<GatheredFiles> {
  const gatherer = new Gatherer(request);
  await gatherer.gather(request.folder, '', request.archiveDepth);
  return gatherer;
}

class Gatherer implements GatheredFiles {
  readonly nodes = new Map<string, SourceNode>();
  readonly notes: string[] = [];
  readonly #request: GatherRequest;
  readonly #opened: OpenedZip[] = [];
  #count = 0;

  constructor(request: GatherRequest) {
    this.#request = request;
  }

  close(): void {
    for (const zip of this.#opened) zip.close();
  }

  async gather(folder: SourceFolder, prefix: string, archiveDepth: number): Promise<void> {
    const archives = await this.#walk(folder, prefix);
    if (archives.size === 0) return;
    if (this.#request.hasExercises(this.nodes)) {
      const names = [...archives.keys()].join('、');
      this.notes.push(`ほかに演習のファイルがあるので、${names} は開きませんでした。`);
      return;
    }
    for (const [path, file] of this.#newest(archives)) {
      await this.#enter(path, file, archiveDepth);
    }
  }

  /** フォルダーの中を見て、固めたものを返します。 */
  async #walk(top: SourceFolder, prefix: string): Promise<Map<string, SourceFile>> {
    const archives = new Map<string, SourceFile>();
    let level: [string, SourceFolder][] = [[prefix, top]];
    for (let depth = 0; level.length > 0 && depth < depthLimit; depth++) {
      const next: typeof level = [];
      for (const [at, folder] of level) {
        for (const node of await this.#list(folder, at)) {
          const path = at + node.name;
          if (isPassedOver(node.name)) continue;
          if (++this.#count > entryLimit) {
            this.notes.push(
              `中のファイルが多すぎるので、浅いほうから ${entryLimit} 件だけを見ました。`,
            );
            return archives;
          }
          if (node.kind === 'folder') next.push([`${path}/`, node]);
          else this.nodes.set(path, node);
          // 深いところの zip は、データなどで、提出ではありません
          if (node.kind === 'file' && depth < 2) this.#noticeArchive(path, node, archives);
        }
      }
      level = next;
    }
    return archives;
  }

  async #list(folder: SourceFolder, at: string): Promise<SourceNode[]> {
    try {
      return await folder.list();
    } catch (error) {
      if (!(error instanceof UnreadableError)) throw error;
      this.notes.push(`${at}: ${error.message}`);
      return [];
    }
  }

  #noticeArchive(path: string, file: SourceFile, archives: Map<string, SourceFile>): void {
    const kind = archiveKind(file.name);
    if (kind === 'zip') archives.set(path, file);
    if (kind === 'unsupported') {
      this.notes.push(`${path} は読めない形です。zip で出し直してもらってください。`);
    }
  }

  /** 出し直し(` (1)` など)があるものは、いちばん新しいものだけを残します。 */
  #newest(archives: ReadonlyMap<string, SourceFile>): [string, SourceFile][] {
    const kept = new Map<string, [string, SourceFile]>();
    for (const [path, file] of archives) {
      const { stem, attempt } = splitAttempt(path);
      const rival = kept.get(stem);
      if (rival === undefined) {
        kept.set(stem, [path, file]);
        continue;
      }
      const isNewer = attempt > splitAttempt(rival[0]).attempt;
      const [winner, loser] = isNewer ? [path, rival[0]] : [rival[0], path];
      if (isNewer) kept.set(stem, [path, file]);
      this.notes.push(`出し直しがあるので、${loser} ではなく ${winner} を採点しました。`);
    }
    return [...kept.values()];
  }

  async #enter(path: string, file: SourceFile, archiveDepth: number): Promise<void> {
    if (archiveDepth >= 2) {
      this.notes.push(`${path} は、zip の中の zip のさらに中にあるので、開きませんでした。`);
      return;
    }
    if (this.#opened.length >= archiveLimit) {
      this.notes.push(`zip が多すぎるので、${path} は開きませんでした。`);
      return;
    }
    try {
      const zip = await openZip(file.diskPath ?? (await file.read(nestedLimit)), file.name);
      this.#opened.push(zip);
      this.notes.push(...zip.notes);
      await this.gather(zip, `${path}/`, archiveDepth + 1);
    } catch (error) {
      if (error instanceof UnreadableError) this.notes.push(`${path}: ${error.message}`);
      else this.notes.push(`${path} を開けませんでした(${errorText(error)})。`);
    }
  }
}
