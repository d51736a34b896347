import { readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import createMarkdown, { type Env, type Token } from 'markdown-it';
import cjkFriendly from 'markdown-it-cjk-friendly';
import footnote from 'markdown-it-footnote';
import { findMarkers } from '../../markers.ts';
import type { Problem } from '../../problems.ts';
import { findHeadings, parseMarkdown } from '../../slug.ts';
import type { PageHeading, PageSection } from '../types.ts';
import { escapeHtml, highlight } from './highlight.ts';
import { imageSize, PageLinks } from './links.ts';
import { mathRule, renderMath } from './math.ts';
import { collectSections, plainText } from './sections.ts';
import { softBreakRule } from './softBreaks.ts';
import { linkTerms } from './termLinks.ts';
import { glossaryFile, type Term } from './terms.ts';

/** Markdown をページにするときに、まわりから受け取るもの。 */
export interface MarkdownContext {
  /** もとの Markdown。リポジトリのいちばん上からの道です。 */
  readonly file: string;
  /** site/dist の中での、ページの道。 */
  readonly pagePath: string;
  /** リポジトリのいちばん上。 */
  readonly root: string;
  /**
   * リポジトリのファイルを指すリンクを、このページから見たリンクにします。
   *
   * @param repoPath - リポジトリのいちばん上からの道。
   * @param fragment - アンカー。`#` は含みません。
   * @returns このページから見たリンク。サイトにないファイルなら undefined。
   */
  resolveLink(repoPath: string, fragment: string | undefined): string | undefined;
  /** 用語集の言葉。 */
  readonly terms: readonly Term[];
  /** 公開しているリポジトリの場所。サイトにないファイルへのリンクに使います。 */
  readonly repositoryUrl?: string;
}

/** ページにした Markdown。 */
export interface RenderedMarkdown {
  readonly title: string;
  readonly description: string;
  /** main の中の HTML。 */
  readonly body: string;
  readonly headings: PageHeading[];
  readonly sections: PageSection[];
  /** 直すべきところ。ひとつでもあれば、ページは作れません。 */
  readonly faults: Problem[];
  /** リンクをつけた用語。 */
  readonly usedTerms: string[];
}

const markdown = new createMarkdown({ html: true });
markdown.use(cjkFriendly).use(mathRule).use(softBreakRule);
markdown.use(footnote);

/**
 * Markdown を、サイトのページの本文にします。
 *
 * @param source - Markdown の全文。目印の中身は埋まっているものとします。
 * @param context - ファイルの場所やリンクの行き先。
 * @returns HTML、見出し、検索のための文、直すべきところ。
 */
export async function renderMarkdown(
  source: string,
  context: MarkdownContext,
): Promise<RenderedMarkdown> {
  const text = source.replaceAll('\r\n', '\n');
  const page = new PageRenderer(text, context);
  return page.render();
}

/** 図の部品に書きそえるもの。 */
interface ImageMeta {
  readonly size?: { readonly width: number; readonly height: number };
  readonly name?: string;
  readonly captioned?: boolean;
}

type Renderer = (tokens: Token[], i: number) => string;

class PageRenderer {
  readonly #text: string;
  readonly #context: MarkdownContext;
  readonly #faults: Problem[] = [];
  readonly #env: Env = {};
  readonly #headings = new Map<number, PageHeading>();
  readonly #ids = new Set<string>();
  readonly #links: PageLinks;
  #tables = 0;
  #place = '';

  constructor(text: string, context: MarkdownContext) {
    this.#text = text;
    this.#context = context;
    this.#links = new PageLinks(context);
  }

  async render(): Promise<RenderedMarkdown> {
    const { file } = this.#context;
    const outline = parseMarkdown(this.#text);
    const opened = outline.filter(({ type }) => type === 'heading_open');
    for (const [i, heading] of findHeadings(outline).entries()) {
      this.#headings.set(opened[i]!.map![0], heading);
      this.#ids.add(heading.slug);
    }
    const headings = [...this.#headings.values()];
    for (const fault of findMarkers(this.#text).faults) this.#faults.push({ file, ...fault });

    const tokens = markdown.parse(this.#text, this.#env);
    const title = headings.find(({ level }) => level === 1)?.text ?? '';
    if (title === '') this.#fault(1, '題(# で始まる見出し)がありません。');
    const sections = collectSections(tokens, this.#headings, title);
    await this.#resolve(tokens);
    const terms = file === glossaryFile ? [] : this.#context.terms;
    const glossary = posix.relative(posix.dirname(this.#context.pagePath), 'glossary.html');
    const usedTerms = linkTerms(tokens, terms, glossary);
    const body = this.#blocks(tokens);
    const opening = tokens.findIndex(
      ({ type, level }, i) =>
        type === 'inline' && level === 1 && tokens[i - 1]?.type === 'paragraph_open',
    );
    const description = shorten(
      opening === -1 ? title : plainText(tokens[opening]!.children ?? []),
    );
    return {
      title,
      description,
      body,
      headings: headings.map(({ level, text, slug }) => ({ level, text, slug })),
      sections,
      faults: this.#faults,
      usedTerms,
    };
  }

  #fault(line: number, message: string, mend?: string): void {
    this.#faults.push({ file: this.#context.file, line, message, ...(mend && { mend }) });
  }

  /** リンクと図の行き先を決め、HTML がまじっていないかを調べます。 */
  async #resolve(tokens: readonly Token[]): Promise<void> {
    let line = 1;
    for (const token of tokens) {
      if (token.map) line = token.map[0] + 1;
      if (token.type === 'html_block') this.#checkHtml(token, line);
      let inner = line;
      for (const child of token.children ?? []) {
        await this.#resolveInline(child, inner);
        inner += child.type === 'hardbreak' || child.markup === 'softbreak' ? 1 : 0;
        if (child.type === 'softbreak') inner++;
      }
    }
  }

  async #resolveInline(token: Token, line: number): Promise<void> {
    if (token.type === 'html_inline') this.#checkHtml(token, line);
    if (token.type === 'math') {
      try {
        token.content = renderMath(token.content, false);
      } catch {
        this.#fault(line, `式 $${token.content}$ の書き方が違います。`);
      }
    }
    if (token.type === 'link_open') {
      const href = String(token.attrGet('href'));
      const link = this.#links.link(href, this.#ids);
      if (link.fault !== undefined) this.#fault(line, link.fault);
      if (link.href === undefined) token.attrs = null;
      else token.attrSet('href', link.href);
    }
    if (token.type === 'image') {
      const source = String(token.attrGet('src'));
      if (plainText(token.children ?? []).trim() === '') {
        this.#fault(line, `図 ${source} に説明(alt)がありません。`);
      }
      const image = this.#links.image(source);
      if (image.fault !== undefined) {
        this.#fault(line, image.fault);
        return;
      }
      token.attrSet('src', image.href);
      const bytes = await readFile(join(this.#context.root, image.path));
      const size = imageSize(bytes);
      if (size === undefined) this.#fault(line, `図 ${source} の大きさが分かりません。`);
      token.meta = {
        name: posix.basename(image.path).replace(/\.\w+$/, ''),
        ...(size && { size }),
      } satisfies ImageMeta;
    }
  }

  #checkHtml({ content }: Token, line: number): void {
    for (const [, comment] of content.matchAll(/<!--([\s\S]*?)-->/g)) {
      if (knownComment.test(comment!.trim())) continue;
      this.#fault(
        line,
        `目印 <!-- ${comment!.trim()} --> は知りません。`,
        'つづりを確かめてください。',
      );
    }
    const rest = content.replace(/<!--[\s\S]*?-->/g, '').trim();
    if (rest === '') return;
    this.#fault(
      line,
      `HTML「${rest.split('\n')[0]!}」は使えません。`,
      'Markdown で書いてください。',
    );
  }

  /** 目印で囲まれたところを図や問題に変えながら、HTML にします。 */
  #blocks(tokens: Token[]): string {
    let html = '';
    let from = 0;
    for (let i = 0; i < tokens.length; i++) {
      const marker = blockMarker(tokens[i]!);
      if (marker === undefined) continue;
      html += this.#plain(tokens.slice(from, i));
      from = i + 1;
      if (marker.closing || !(marker.kind in paired)) continue;
      const end = tokens.findIndex((token, j) => {
        const other = j > i ? blockMarker(token) : undefined;
        return other?.closing === true && other.kind === marker.kind;
      });
      if (end === -1) {
        const line = (tokens[i]!.map?.[0] ?? 0) + 1;
        if (marker.kind === 'quiz' || marker.kind === 'exercises') {
          this.#fault(line, `目印 <!-- ${marker.kind} … --> に、終わりがありません。`);
        }
        continue;
      }
      html += this.#marked(marker, tokens[i]!, tokens.slice(i + 1, end));
      i = end;
      from = end + 1;
    }
    return html + this.#plain(tokens.slice(from));
  }

  #marked(marker: BlockMarker, opening: Token, body: Token[]): string {
    switch (marker.kind) {
      case 'code':
        return this.#code(marker, body);
      case 'output':
        return this.#output(marker, body);
      case 'figure':
        return this.#figure(marker, body);
      case 'quiz':
        return this.#quiz(marker, (opening.map?.[0] ?? 0) + 1, body);
      default:
        return this.#blocks(body);
    }
  }

  #code({ args }: BlockMarker, body: Token[]): string {
    const fence = body.find(({ type }) => type === 'fence');
    const [name = '', file = 'main.ts'] = args;
    const link = body
      .flatMap(({ children }) => children ?? [])
      .find(({ type }) => type === 'link_open');
    const caption = body.find(({ type }) => type === 'inline');
    const firstLine = /の (\d+)/.exec(caption?.content ?? '')?.[1];
    if (fence === undefined || firstLine === undefined) return this.#plain(body);
    const href = link?.attrGet('href')?.toString();
    return highlight(fence.content, fence.info, {
      firstLine: Number(firstLine),
      file: posix.normalize(posix.join(posix.dirname(this.#context.file), file)),
      id: this.#unique(`code-${name}`),
      ...(href && { href }),
    });
  }

  #output({ args }: BlockMarker, body: Token[]): string {
    const fence = body.find(({ type }) => type === 'fence');
    const id = this.#unique(`output-${markerName(args[0])}`);
    return (
      `<figure class="output" id="${id}"><pre tabindex="0">${escapeHtml(fence?.content ?? '')}</pre>` +
      `<figcaption>${this.#inlines(body)}</figcaption></figure>\n`
    );
  }

  #figure({ args }: BlockMarker, body: Token[]): string {
    const image = body.find(isPicture);
    if (image === undefined) return this.#plain(body);
    const id = this.#unique(`figure-${markerName(args[0])}`);
    const meta = image.children![0]!.meta as ImageMeta | null;
    image.children![0]!.meta = { ...meta, captioned: true };
    return picture(id, this.#inline(image), this.#inlines(body.filter((token) => token !== image)));
  }

  /** 問題、選択肢、答えを、選べる形にします。 */
  #quiz({ args }: BlockMarker, line: number, body: Token[]): string {
    const name = args[0] ?? '';
    const split = body.findIndex((token) => blockMarker(token)?.kind === 'answer');
    const answer = Number(split === -1 ? NaN : blockMarker(body[split]!)!.args[0]);
    const before = body.slice(0, Math.max(split, 0));
    const list = before.findLastIndex(
      ({ type, level }) => type === 'bullet_list_open' && level === 0,
    );
    const choices = before.slice(list).filter((token, i, all) => {
      return token.type === 'inline' && all[i - 2]?.type === 'list_item_open';
    });
    if (name === '' || split === -1 || list === -1) {
      this.#fault(
        line,
        '問題の形が違います。',
        '<!-- quiz 名前 -->、問い、箇条書きの選択肢、<!-- answer 番号 -->、説明、<!-- /quiz --> の順に書いてください。',
      );
      return '';
    }
    if (!Number.isInteger(answer) || answer < 1 || answer > choices.length) {
      this.#fault(
        line,
        `問題「${name}」の答えの番号が、選択肢の 1〜${choices.length} にありません。`,
      );
    }
    const question = before.slice(0, list);
    const legend = takeLegend(question.find(({ type }) => type === 'inline'));
    const id = this.#unique(`quiz-${name}`);
    const labels = choices.map(
      (choice, i) =>
        `<label><input type="radio" name="${escapeHtml(name)}" value="${i + 1}"> ${this.#inline(choice)}</label>\n`,
    );
    return (
      `<form class="quiz" id="${id}" data-answer="${answer}">\n<fieldset><legend>${legend}</legend>\n` +
      `${this.#blocks(question)}${labels.join('')}</fieldset>\n` +
      `<details class="quiz-answer"><summary>答えを見る</summary>\n${this.#blocks(body.slice(split + 1))}</details>\n</form>\n`
    );
  }

  #unique(wanted: string): string {
    let id = escapeHtml(wanted);
    for (let n = 2; this.#ids.has(id); n++) id = `${escapeHtml(wanted)}-${n}`;
    this.#ids.add(id);
    return id;
  }

  #inlines(tokens: readonly Token[]): string {
    return tokens
      .filter(({ type }) => type === 'inline')
      .map((token) => this.#inline(token))
      .join('');
  }

  #inline(token: Token): string {
    return this.#draw([token]).trim();
  }

  #plain(tokens: Token[]): string {
    return this.#draw(tokens);
  }

  #draw(tokens: Token[]): string {
    return tokens
      .map((token, i) => {
        if (token.type === 'inline') {
          const children = token.children ?? [];
          return children.map((_, j) => this.#token(children, j)).join('');
        }
        return this.#token(tokens, i);
      })
      .join('');
  }

  #token(tokens: Token[], i: number): string {
    const draw = this.#rules[tokens[i]!.type];
    if (draw !== undefined) return draw(tokens, i);
    const rule = markdown.renderer.rules[tokens[i]!.type];
    return rule === undefined
      ? markdown.renderer.renderToken(tokens, i, markdown.options)
      : rule(tokens, i, markdown.options, this.#env, markdown.renderer);
  }

  readonly #rules: Readonly<Record<string, Renderer | undefined>> = {
    html_block: () => '',
    html_inline: () => '',
    math: (tokens, i) => tokens[i]!.content,
    heading_open: (tokens, i) => {
      const { tag, map } = tokens[i]!;
      const heading = this.#headings.get(map?.[0] ?? -1);
      this.#place = heading?.text ?? '';
      if (heading === undefined) return `<${tag}>`;
      const id = ` id="${escapeHtml(heading.slug)}"`;
      return tag === 'h1' ? `<h1${id}>` : `<${tag}${id}><span>`;
    },
    heading_close: (tokens, i) => {
      const { tag } = tokens[i]!;
      const heading = this.#headings.get(tokens[i - 2]?.map?.[0] ?? -1);
      if (tag === 'h1' || heading === undefined) return `</${tag}>\n`;
      const href = `#${escapeHtml(heading.slug)}`;
      return `</span><a class="permalink" href="${href}" aria-label="この見出しへのリンク">#</a></${tag}>\n`;
    },
    paragraph_open: (tokens, i) => (tokens[i]!.hidden || isPicture(tokens[i + 1]) ? '' : '<p>'),
    paragraph_close: (tokens, i) => {
      if (tokens[i]!.hidden) return tokens[i + 1]?.type.endsWith('_close') ? '' : '\n';
      return isPicture(tokens[i - 1]) ? '' : '</p>\n';
    },
    link_open: (tokens, i) => {
      const attributes = tokens[i]!.attrs;
      return attributes === null
        ? '<span class="file">'
        : markdown.renderer.renderToken(tokens, i, markdown.options);
    },
    link_close: (tokens, i) => {
      const opening = tokens.slice(0, i).findLast(({ type }) => type === 'link_open');
      return opening?.attrs === null ? '</span>' : '</a>';
    },
    image: (tokens, i) => {
      const token = tokens[i]!;
      const { size, name, captioned } = (token.meta ?? {}) as ImageMeta;
      const alt = escapeHtml(plainText(token.children ?? []));
      const measures = size === undefined ? '' : ` width="${size.width}" height="${size.height}"`;
      const img = `<img src="${escapeHtml(String(token.attrGet('src')))}" alt="${alt}"${measures} loading="lazy" decoding="async">`;
      const alone = tokens.length === 1 && captioned !== true;
      return alone ? picture(this.#unique(`picture-${name ?? ''}`), img, '') : img;
    },
    fence: (tokens, i) => {
      const { content, info, map } = tokens[i]!;
      if (info.trim() !== 'math') return highlight(content, info.trim().split(/\s+/)[0] ?? '');
      try {
        return `<div class="math" tabindex="0">${renderMath(content, true)}</div>\n`;
      } catch {
        this.#fault((map?.[0] ?? 0) + 1, '式の書き方が違います。');
        return '';
      }
    },
    code_block: (tokens, i) => highlight(tokens[i]!.content, 'text'),
    table_open: () => {
      const place = this.#place === '' ? '' : `：${escapeHtml(this.#place)}`;
      return `<div class="table" tabindex="0" role="region" aria-label="表 ${++this.#tables}${place}"><table>\n`;
    },
    footnote_anchor: (tokens, i) =>
      markdown.renderer.rules.footnote_anchor!(
        tokens,
        i,
        markdown.options,
        this.#env,
        markdown.renderer,
      ).replace('<a ', '<a aria-label="本文に戻る" '),
    table_close: () => '</table></div>\n',
    // 左上などの空の見出しは、見出しではない空のセルにします
    th_open: (tokens, i) => cell(tokens[i + 1]!.content === '' ? 'td' : 'th', tokens[i]!),
    th_close: (tokens, i) => (tokens[i - 1]!.content === '' ? '</td>' : '</th>'),
    td_open: (tokens, i) => cell('td', tokens[i]!),
  };
}

/** そのまま残るコメント(見た目には出ません)。 */
const knownComment =
  /^(?:\/?(?:code|output|figure|value|ratio|toc|exercises|quiz)\b|answer\b|fixed:|textlint-|prettier-ignore)/;

/** 終わりの目印と組になる、行を占める目印。 */
const paired = { code: 0, output: 0, figure: 0, toc: 0, exercises: 0, quiz: 0 };

interface BlockMarker {
  readonly kind: string;
  readonly closing: boolean;
  readonly args: readonly string[];
}

function blockMarker({ type, content }: Token): BlockMarker | undefined {
  if (type !== 'html_block') return undefined;
  const match = /^<!--\s*(\/?)(\w+)\b([\s\S]*?)-->\s*$/.exec(content);
  if (match === null) return undefined;
  return {
    kind: match[2]!,
    closing: match[1] === '/',
    args: match[3]!.trim().split(/\s+/).filter(Boolean),
  };
}

/** `01-fully-connected/run:loss` の `loss` の部分。 */
function markerName(reference = ''): string {
  return reference.replace(/^.*[:/]/, '');
}

/** 図だけの段落か。 */
function isPicture(token: Token | undefined): boolean {
  return token?.children?.length === 1 && token.children[0]!.type === 'image';
}

function picture(id: string, image: string, caption: string): string {
  const words = caption === '' ? '' : `<figcaption>${caption}</figcaption>`;
  return `<figure class="picture" id="${id}">${image}${words}</figure>\n`;
}

function cell(tag: string, token: Token): string {
  const align = /right|center/.exec(String(token.attrGet('style')))?.[0];
  const scope = tag === 'th' ? ' scope="col"' : '';
  return `<${tag}${scope}${align === undefined ? '' : ` class="${align}"`}>`;
}

/** 問いのはじめの `**予想：**` を取り出します。 */
function takeLegend(question: Token | undefined): string {
  const children = question?.children ?? [];
  const start = children.findIndex(({ type }) => type === 'strong_open');
  const end = children.findIndex(({ type }) => type === 'strong_close');
  const empty = children.slice(0, Math.max(start, 0)).every(({ content }) => content === '');
  if (start === -1 || !empty) return '予想';
  const legend = plainText(children.slice(start, end)).replace(/[：:]\s*$/, '');
  children.splice(0, end + 1);
  const next = children.find(({ content }) => content !== '');
  if (next?.type === 'text') next.content = next.content.trimStart();
  return escapeHtml(legend);
}

function shorten(text: string): string {
  const sentences = text.match(/[^。]*。|[^。]+$/g) ?? [];
  let result = '';
  for (const sentence of sentences) {
    if (result !== '' && (result + sentence).length > 120) break;
    result += sentence;
  }
  return result;
}
