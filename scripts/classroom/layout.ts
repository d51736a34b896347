import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { displayPath, UserError } from '#platform';
import type { Exercise } from '../grading/exercises.ts';
import { archiveKind, isPassedOver, nameLimit, openZip, type OpenedZip } from './archives.ts';
import { comparable, readName, splitAttempt, type NameClue } from './naming.ts';
import { hasExerciseFiles, shorten } from './pickAnswers.ts';
import { findStudent } from './roster.ts';
import {
  diskFolder,
  folderOf,
  UnreadableError,
  type SourceFile,
  type SourceFolder,
  type SourceNode,
} from './sourceTree.ts';
import type { Student } from './types.ts';

/** 見つけた提出ひとつ。 */
export interface SubmissionItem {
  readonly clue: NameClue;
  /** 人に見せる場所。 */
  readonly shown: string;
  /** 出し直した回数(名前の ` (1)`)。 */
  readonly attempt: number;
  readonly folder: SourceFolder;
  /** すでに zip の中にいる深さ。 */
  readonly archiveDepth: number;
  /** 提出そのものが、リンクである。 */
  readonly isLink: boolean;
}

/** 提出の並んだところ。 */
export interface SubmissionLayout {
  readonly items: readonly SubmissionItem[];
  readonly notes: readonly string[];
  /** 開いた zip を閉じます。 */
  readonly close: () => void;
}

/**
 * フォルダーか zip の中から、提出の並んでいるところを探して、人ごとに分けます。
 *
 * @param path - フォルダーか zip。
 * @param exercises - 演習。
 * @param roster - 名簿。なければ空。
 * @returns 提出。使い終わったら `close` を呼んでください。
 * @throws UserError ないか、読めないとき。
 */
export async function findSubmissions(
  path: string,
  exercises: readonly Exercise[],
  roster: readonly Student[],
): Promise<SubmissionLayout> {
  const finder = new LayoutFinder(path, exercises, roster);
  try {
    await finder.find();
    return finder;
  } catch (error) {
    finder.close();
    if (!(error instanceof UnreadableError)) throw error;
    throw new UserError(
      `提出物 ${displayPath(path)} を読めません。${error.message}`,
      'もう一度、手に入れ直してください。',
      { cause: error },
    );
  }
}

class LayoutFinder implements SubmissionLayout {
  readonly items: SubmissionItem[] = [];
  readonly notes: string[] = [];
  readonly #path: string;
  readonly #exercises: readonly Exercise[];
  readonly #roster: readonly Student[];
  readonly #closers: (() => void)[] = [];
  #archiveDepth = 0;

  constructor(path: string, exercises: readonly Exercise[], roster: readonly Student[]) {
    this.#path = path;
    this.#exercises = exercises;
    this.#roster = roster;
  }

  close(): void {
    for (const close of this.#closers) close();
  }

  async find(): Promise<void> {
    let container = await this.#openTop();
    let shown = displayPath(this.#path);
    let nodes = await this.#listUseful(container);
    if (this.#isSubmission(nodes)) {
      const name = readName(container.name, '', false);
      this.#add(name, shown, 0, container);
      return;
    }
    for (let depth = 0; depth < 3; depth++) {
      const inner = await this.#wrapped(nodes);
      if (inner === undefined) break;
      container = inner.folder;
      nodes = inner.nodes;
      shown += `/${container.name}`;
    }
    this.#split(nodes, container.name, shown);
  }

  async #openTop(): Promise<SourceFolder> {
    const path = this.#path;
    const name = basename(path);
    const stats = await stat(path).catch((error: unknown) => {
      const advice = 'フォルダー、zip、git の URL を並べた CSV のどれかを指定してください。';
      throw new UserError(`提出物 ${displayPath(path)} がありません。`, advice, { cause: error });
    });
    if (stats.isDirectory()) return diskFolder(path, name);
    if (archiveKind(name) === 'zip') {
      const zip = await this.#openArchive(path, name);
      this.#enterArchive(zip);
      return zip;
    }
    throw new UserError(
      `提出物 ${displayPath(path)} は、読めない形です。`,
      'フォルダー、zip、git の URL を並べた CSV のどれかにしてください。',
    );
  }

  async #openArchive(path: string, name: string): Promise<OpenedZip> {
    const zip = await openZip(path, splitAttempt(name).stem, nameLimit);
    this.#closers.push(zip.close);
    return zip;
  }

  #enterArchive({ notes }: OpenedZip): void {
    this.#archiveDepth++;
    this.notes.push(...notes);
  }

  async #listUseful(folder: SourceFolder): Promise<SourceNode[]> {
    return (await folder.list()).filter(({ name }) => !isPassedOver(name));
  }

  /** 提出の並んだフォルダーが、もう一つのフォルダーか zip に入っているなら、その中。 */
  async #wrapped(
    nodes: readonly SourceNode[],
  ): Promise<{ folder: SourceFolder; nodes: SourceNode[] } | undefined> {
    const [only, ...others] = nodes.filter((node) => this.#isItem(node));
    if (only === undefined || others.length > 0) return undefined;
    if (this.#isKnown(only.name, only.kind === 'file')) return undefined;
    const folder = only.kind === 'folder' ? only : await this.#openClassZip(only);
    if (folder === undefined) return undefined;
    const inner = await this.#listUseful(folder);
    const items = inner.filter((node) => this.#isItem(node));
    const known = items.some((node) => this.#isKnown(node.name, node.kind === 'file'));
    if (this.#isSubmission(inner) || (items.length < 2 && !known)) return undefined;
    if (isZip(folder)) this.#enterArchive(folder);
    return { folder, nodes: inner };
  }

  async #openClassZip(node: SourceNode): Promise<OpenedZip | undefined> {
    if (node.kind !== 'file' || node.diskPath === undefined) return undefined;
    if (archiveKind(node.name) !== 'zip') return undefined;
    try {
      return await this.#openArchive(node.diskPath, node.name);
    } catch (error) {
      if (error instanceof UnreadableError) return undefined; // ひとりの提出として、あとで知らせます
      throw error;
    }
  }

  #isKnown(name: string, isFile: boolean): boolean {
    const clue = readName(name, '', isFile);
    return clue.moodleId !== undefined || findStudent(clue, this.#roster) !== undefined;
  }

  #isSubmission(nodes: readonly SourceNode[]): boolean {
    const chapters = new Set(['exercises', ...this.#exercises.map(({ chapter }) => chapter)]);
    return nodes.some(
      (node) =>
        (node.kind === 'folder' && chapters.has(node.name)) ||
        (node.kind === 'file' &&
          (node.name === 'package.json' || this.#isExercise(node, node.name))),
    );
  }

  #isExercise(node: SourceNode, name: string): boolean {
    return hasExerciseFiles(new Map([[name, node]]), this.#exercises);
  }

  #isItem(node: SourceNode): boolean {
    if (node.kind !== 'file') return node.kind !== 'special';
    if (archiveKind(node.name) !== undefined) return true;
    return this.#isExercise(node, readName(node.name, '', true).rest);
  }

  #split(nodes: readonly SourceNode[], container: string, shown: string): void {
    const groups = new Map<string, { clue: NameClue; nodes: SourceNode[] }>();
    const passed: string[] = [];
    for (const node of nodes) {
      if (!this.#isItem(node)) {
        passed.push(node.name);
        continue;
      }
      const clue = readName(node.name, container, node.kind === 'file');
      const key = clue.moodleId ?? `:${comparable(clue.label)}`;
      const group = groups.get(key) ?? { clue, nodes: [] };
      group.nodes.push(node);
      groups.set(key, group);
    }
    if (passed.length > 0) {
      this.notes.push(`提出ではないとみて、見なかったファイルがあります(${shorten(passed)})。`);
    }
    for (const { clue, nodes: group } of groups.values()) {
      // Moodle は 1 人の提出をいくつかに分けて入れるので、まとめます
      if (clue.moodleId !== undefined) this.#addGroup(clue, shown, group);
      else this.#addRivals(clue, shown, group);
    }
  }

  #addRivals(clue: NameClue, shown: string, nodes: readonly SourceNode[]): void {
    const loose = nodes.filter(isLooseFile);
    if (loose.length > 0) this.#addGroup(clue, shown, loose);
    for (const node of nodes) {
      if (!isLooseFile(node)) this.#addGroup(clue, shown, [node]);
    }
  }

  #addGroup(clue: NameClue, shown: string, nodes: readonly SourceNode[]): void {
    const [first] = nodes;
    if (first === undefined) return;
    const place = `${shown}/${first.name}`;
    const attempt = first.kind === 'file' ? splitAttempt(first.name).attempt : 0;
    if (nodes.length === 1 && first.kind === 'folder') this.#add(clue, place, attempt, first);
    else if (nodes.every(({ kind }) => kind === 'link')) {
      this.#add(clue, place, attempt, folderOf([]), true);
    } else this.#add(clue, place, attempt, folderOf(nodes.map(withOwnName)));
  }

  #add(clue: NameClue, shown: string, attempt: number, folder: SourceFolder, isLink = false): void {
    const archiveDepth = this.#archiveDepth;
    this.items.push({ clue, shown, attempt, folder, archiveDepth, isLink });
  }
}

function isZip(folder: SourceFolder | OpenedZip): folder is OpenedZip {
  return 'close' in folder;
}

function isLooseFile(node: SourceNode): node is SourceFile {
  return node.kind === 'file' && archiveKind(node.name) === undefined;
}

/** 氏名などを除いた、もとのファイルの名前にします。 */
function withOwnName(node: SourceNode): SourceNode {
  if (node.kind !== 'file') return node;
  const { rest } = readName(node.name, '', true);
  return rest === '' ? node : { ...node, name: rest };
}
