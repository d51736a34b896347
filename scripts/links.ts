import { readdir, readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { Problem } from './problems.ts';
import { findHeadings, parseMarkdown, type Token } from './slug.ts';

/**
 * Markdown のリンクと図が行き先を持つか、図に説明があるかを調べます。ネットワークは使いません。
 *
 * - リポジトリの中へのリンクと図は、大文字と小文字まで同じファイルがあること
 * - `#見出し` は GitHub のアンカーに、`main.ts#L10-L20` は行の数に合うこと
 * - 図に説明(alt)があり、ほかのサイトの画像を使っていないこと
 * - 脚注 `[^名前]` に中身があること
 * - HTML は、コメントのほかに書かないこと(GitHub とサイトで同じに見せるため)
 *
 * @param root - リポジトリのいちばん上。
 * @param files - 調べる Markdown。いちばん上からのパスで、区切りは `/`。
 * @returns 見つかったところ。
 */
export async function checkLinks(root: string, files: readonly string[]): Promise<Problem[]> {
  const checker = new LinkChecker(root);
  const problems: Problem[] = [];
  for (const file of files) problems.push(...(await checker.check(file)));
  return problems;
}

class LinkChecker {
  readonly #root: string;
  readonly #folders = new Map<string, Promise<ReadonlySet<string>>>();
  readonly #anchors = new Map<string, Promise<ReadonlySet<string>>>();

  constructor(root: string) {
    this.#root = root;
  }

  async check(file: string): Promise<Problem[]> {
    const problems: Problem[] = [];
    for (const { token, line } of flatten(parseMarkdown(await this.#read(file)))) {
      for (const message of await this.#checkToken(file, token)) {
        problems.push({ file, line, message });
      }
    }
    return problems;
  }

  async #checkToken(file: string, token: Token): Promise<string[]> {
    switch (token.type) {
      case 'html_block':
      case 'html_inline':
        return token.content.replace(/<!--[\s\S]*?-->/g, '').includes('<')
          ? [
              `HTML「${token.content.trim().split('\n')[0]!}」は使えません。Markdown で書いてください。`,
            ]
          : [];
      case 'text':
        return [...token.content.matchAll(/\[\^[^\]\s]+\]/g)].map(
          ([mark]) =>
            `脚注 ${mark} の中身がありません。章の終わりに「${mark}: 説明」を書いてください。`,
        );
      case 'link_open':
        return this.#checkTarget(file, String(token.attrGet('href')), 'リンク');
      case 'image': {
        const source = String(token.attrGet('src'));
        const problems = await this.#checkTarget(file, source, '図');
        if (token.content.trim() === '') problems.push(`図 ${source} に説明(alt)がありません。`);
        return problems;
      }
      default:
        return [];
    }
  }

  async #checkTarget(file: string, href: string, what: string): Promise<string[]> {
    if (/^[a-z][a-z\d+.-]*:|^\/\//i.test(href)) {
      return what === '図'
        ? [`図 ${href} はほかのサイトの画像です。リポジトリの中の図を使ってください。`]
        : [];
    }
    const [encodedPath = '', fragment] = href.split('#', 2);
    const path = decode(encodedPath);
    const target = path === '' ? file : posix.normalize(posix.join(posix.dirname(file), path));
    if (!(await this.#exists(target))) return [`${what}の行き先 ${path} がありません。`];
    if (fragment === undefined) return [];
    return this.#checkFragment(target, decode(fragment));
  }

  async #checkFragment(target: string, fragment: string): Promise<string[]> {
    if (target.endsWith('.md')) {
      const anchors = await this.#anchorsOf(target);
      return anchors.has(fragment) ? [] : [`${target} に見出し #${fragment} がありません。`];
    }
    const lines = /^L(\d+)(?:-L(\d+))?$/.exec(fragment);
    if (lines === null) return [`リンク ${target}#${fragment} の行の書き方が違います。`];
    const last = Number(lines[2] ?? lines[1]);
    const count = (await this.#read(target)).split('\n').length;
    return last > count ? [`${target} は ${count} 行なので、${last} 行目がありません。`] : [];
  }

  /** 大文字と小文字の違いも見ます。macOS と Windows では違っていても開けてしまい、Linux で切れるためです。 */
  async #exists(path: string): Promise<boolean> {
    const clean = path.replace(/\/$/, '');
    if (clean === '.' || clean === '') return true;
    if (clean.startsWith('..')) return false;
    const folder = posix.dirname(clean);
    return (await this.#exists(folder)) && (await this.#list(folder)).has(posix.basename(clean));
  }

  #list(folder: string): Promise<ReadonlySet<string>> {
    return once(this.#folders, folder, async () => {
      try {
        return new Set(await readdir(join(this.#root, folder)));
      } catch {
        return new Set();
      }
    });
  }

  #anchorsOf(file: string): Promise<ReadonlySet<string>> {
    return once(this.#anchors, file, async () => {
      const headings = findHeadings(parseMarkdown(await this.#read(file)));
      return new Set(headings.map(({ slug }) => slug));
    });
  }

  #read(file: string): Promise<string> {
    return readFile(join(this.#root, file), 'utf8');
  }
}

function once<T>(cache: Map<string, Promise<T>>, key: string, load: () => Promise<T>): Promise<T> {
  const cached = cache.get(key);
  if (cached !== undefined) return cached;
  const loading = load();
  cache.set(key, loading);
  return loading;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function flatten(tokens: readonly Token[]): { token: Token; line: number }[] {
  const all: { token: Token; line: number }[] = [];
  let line = 1;
  for (const token of tokens) {
    if (token.map) line = token.map[0] + 1;
    all.push({ token, line });
    let inner = line;
    for (const child of token.children ?? []) {
      if (child.type === 'softbreak' || child.type === 'hardbreak') inner++;
      all.push({ token: child, line: inner });
    }
  }
  return all;
}
