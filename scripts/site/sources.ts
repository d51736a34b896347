import { existsSync, statSync } from 'node:fs';
import { posix } from 'node:path';
import { exercisePaths, type ExerciseFiles } from '../exercises/catalog.ts';

/** 用語集と参考文献のページ。 */
export const glossaryPage = 'glossary.html';
/** 参考文献のもとのファイル。 */
export const referencesFile = 'chapters/参考文献/README.md';
/** 表紙のもとのファイル。 */
export const homeFile = 'site/home.md';
/** 演習の手引きのもとのファイル。 */
export const exercisesFile = 'exercises/README.md';

const teacherFolder = 'chapters/教える人へ';
/** 「教える人へ」のファイルと、ページの名前。ページは、この順に並べます。 */
const teacherNames = [
  ['README', 'index'],
  ['最初の授業', 'first-lesson'],
  ['シラバス', 'syllabus'],
  ['配る', 'hand-out'],
  ['集めて採点する', 'grade'],
  ['章と演習を足す', 'extend'],
] as const;

/**
 * 「教える人へ」のページです。学習者に配る版にはないので、あるファイルだけを答えます。
 *
 * @param root - リポジトリのいちばん上。
 * @returns もとのファイルと、サイトの中での道。読む順です。
 */
export function listTeacherPages(root: string): { readonly file: string; readonly path: string }[] {
  return teacherNames
    .map(([name, page]) => ({ file: `${teacherFolder}/${name}.md`, path: `teachers/${page}.html` }))
    .filter(({ file }) => existsSync(posix.join(root, file)));
}

/** リポジトリのファイルが、サイトのどこにあるかを答えます。 */
export class SiteMap {
  readonly #root: string;
  readonly #pages: ReadonlyMap<string, string>;
  /** サイトへ写すファイル。サイトの中の道から、リポジトリの中の道を引きます。 */
  readonly #copies = new Map<string, string>();

  constructor(root: string, chapters: readonly string[], exercises: readonly ExerciseFiles[]) {
    this.#root = root;
    const pages = new Map([
      ['README.md', 'index.html'],
      [homeFile, 'index.html'],
      [exercisesFile, 'exercises/index.html'],
      ['chapters/用語集/README.md', glossaryPage],
      [referencesFile, 'references.html'],
    ]);
    for (const name of chapters) pages.set(`chapters/${name}/README.md`, chapterPath(name));
    for (const { file, path } of listTeacherPages(root)) pages.set(file, path);
    for (const { id, chapter, name } of exercises) {
      const { stub, spec, hints } = exercisePaths(chapter, name);
      for (const file of [stub, spec, hints]) pages.set(file, exercisePath(id));
    }
    for (const [file, page] of [...pages]) {
      if (file.endsWith('/README.md')) pages.set(posix.dirname(file), page);
    }
    this.#pages = pages;
  }

  /** サイトへ写すファイル。サイトの中の道と、リポジトリの中の道の組です。 */
  get copies(): ReadonlyMap<string, string> {
    return this.#copies;
  }

  /**
   * リポジトリのファイルへのリンクを、あるページから見たリンクにします。
   *
   * @param from - サイトの中での、リンクのあるページの道。
   * @param file - リポジトリの中での、ファイルの道。
   * @param fragment - アンカー。
   * @returns 相対のリンク。サイトにないものなら undefined。
   */
  resolve(from: string, file: string, fragment: string | undefined): string | undefined {
    const clean = file.replace(/\/$/, '');
    const page = this.#pages.get(clean);
    // サイトのはじめのページには、README の見出しがありません。リポジトリの README へつなぎます
    if (clean === 'README.md' && fragment !== undefined) return undefined;
    if (page !== undefined) {
      // もとのファイルの行(#L10)は、ページにはありません
      const kept =
        fragment === undefined || /^L\d+/.test(fragment) ? '' : `#${encodeURI(fragment)}`;
      return relativeLink(from, page) + kept;
    }
    const copy = copyPath(clean);
    if (copy === undefined || !this.#isFile(clean)) return undefined;
    this.#copies.set(copy, clean);
    return relativeLink(from, copy);
  }

  /** 前に覚えた結果が使うファイルを、写すものに加えます。 */
  addCopy(file: string): void {
    const copy = copyPath(file);
    if (copy !== undefined) this.#copies.set(copy, file);
  }

  #isFile(file: string): boolean {
    const path = posix.join(this.#root, file);
    return existsSync(path) && statSync(path).isFile();
  }
}

/** 図は figures に、プログラムは files に写します。ブラウザーで読めるように、プログラムの名前は .txt で終えます。 */
function copyPath(file: string): string | undefined {
  const figure = /^chapters\/(.+\.(?:svg|png))$/.exec(file)?.[1];
  if (figure !== undefined) return `figures/${figure}`;
  return /\.(?:ts|js|json|ya?ml)$/.test(file) ? `files/${file}.txt` : undefined;
}

/**
 * 章のページの道です。
 *
 * @param name - 章のフォルダーの名前。
 * @returns site/dist の中での道。
 */
export function chapterPath(name: string): string {
  return `chapters/${name}.html`;
}

/**
 * 演習のページの道です。
 *
 * @param id - 演習の番号。
 * @returns site/dist の中での道。
 */
export function exercisePath(id: string): string {
  return `exercises/${id}.html`;
}

/**
 * あるページから別のファイルへの、相対の道です。
 *
 * @param from - リンクのあるページ。
 * @param to - 行き先。
 * @returns 相対の道。URL として書ける形です。
 */
export function relativeLink(from: string, to: string): string {
  return encodeURI(posix.relative(posix.dirname(from), to) || posix.basename(to));
}
