import { existsSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { MarkdownContext } from './render.ts';

/** リンクや図の行き先。 */
interface Target {
  /** このページから見た行き先。なければ、リンクにしません。 */
  readonly href?: string;
  readonly fault?: string;
}

/** 図の行き先。 */
type ImageTarget =
  | { readonly href: string; readonly path: string; readonly fault?: undefined }
  | { readonly fault: string };

/** Markdown の中のリンクと図を、サイトの中の行き先に変えます。 */
export class PageLinks {
  readonly #context: MarkdownContext;

  constructor(context: MarkdownContext) {
    this.#context = context;
  }

  link(href: string, ids: ReadonlySet<string>): Target {
    if (isExternal(href)) return { href };
    const { path, fragment } = this.#locate(href);
    if (href.startsWith('#')) {
      if (ids.has(fragment!)) return { href };
      return { fault: `見出し #${fragment!} がありません。` };
    }
    const resolved = this.#context.resolveLink(path, fragment);
    if (resolved !== undefined) return { href: resolved };
    const absolute = join(this.#context.root, path);
    if (path.startsWith('..') || !existsSync(absolute)) {
      return { fault: `リンクの行き先 ${path} がありません。` };
    }
    const { repositoryUrl } = this.#context;
    if (repositoryUrl === undefined) return {};
    const view = statSync(absolute).isDirectory() ? 'tree' : 'blob';
    const place = `${repositoryUrl.replace(/\/$/, '')}/${view}/HEAD/${encodeURI(path)}`;
    return { href: fragment === undefined ? place : `${place}#${fragment}` };
  }

  image(source: string): ImageTarget {
    if (isExternal(source)) {
      return {
        fault: `図 ${source} はほかのサイトの画像です。リポジトリの中の図を使ってください。`,
      };
    }
    const { path } = this.#locate(source);
    if (path.startsWith('..') || !existsSync(join(this.#context.root, path))) {
      return { fault: `図のファイル ${path} がありません。` };
    }
    const href = this.#context.resolveLink(path, undefined);
    return href === undefined ? { fault: `図 ${path} は、サイトに置かれません。` } : { href, path };
  }

  #locate(href: string): { path: string; fragment: string | undefined } {
    const [path = '', fragment] = href.split('#', 2);
    return {
      path: posix.normalize(posix.join(posix.dirname(this.#context.file), decode(path))),
      fragment: fragment === undefined ? undefined : decode(fragment),
    };
  }
}

/**
 * 画像の幅と高さを読みます。
 *
 * @param bytes - SVG か PNG のファイルの中身。
 * @returns 画素の数。分からなければ undefined。
 */
export function imageSize(bytes: Buffer): { width: number; height: number } | undefined {
  if (bytes.subarray(1, 4).toString('latin1') === 'PNG') {
    return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
  }
  const box = /viewBox="[\d.+-]+[\s,]+[\d.+-]+[\s,]+([\d.]+)[\s,]+([\d.]+)"/.exec(
    bytes.toString('utf8'),
  );
  if (box === null) return undefined;
  return { width: Math.round(Number(box[1])), height: Math.round(Number(box[2])) };
}

function isExternal(href: string): boolean {
  return /^[a-z][a-z\d+.-]*:|^\/\//i.test(href);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
