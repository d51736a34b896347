import { createHighlighterCoreSync } from 'shiki/core';
import { createOnigurumaEngine } from 'shiki/engine/oniguruma';
import javascript from 'shiki/langs/javascript.mjs';
import json from 'shiki/langs/json.mjs';
import markdown from 'shiki/langs/markdown.mjs';
import python from 'shiki/langs/python.mjs';
import shellscript from 'shiki/langs/shellscript.mjs';
import typescript from 'shiki/langs/typescript.mjs';
import yaml from 'shiki/langs/yaml.mjs';

/** コードの図の、色分けのほかの見せ方。 */
export interface CodeOptions {
  /** はじめの行の番号。書くと、行に番号がつきます。 */
  readonly firstLine?: number;
  /** 図の上に見せる、ファイルの名前。 */
  readonly file?: string;
  /** ファイルへのリンク。 */
  readonly href?: string;
  /** 図の id。 */
  readonly id?: string;
}

const languages: Readonly<Record<string, string>> = {
  ts: 'typescript',
  typescript: 'typescript',
  js: 'javascript',
  javascript: 'javascript',
  sh: 'shellscript',
  bash: 'shellscript',
  json: 'json',
  yaml: 'yaml',
  yml: 'yaml',
  md: 'markdown',
  markdown: 'markdown',
  python: 'python',
  py: 'python',
};

/** 語の種類ごとの、クラス名と TextMate のスコープ。あとのものほど優先されます。 */
const classes: readonly (readonly [name: string, scopes: readonly string[]])[] = [
  ['p', ['punctuation', 'meta.brace']],
  ['v', ['variable', 'support.variable', 'meta.object-literal.key', 'support.type.property-name']],
  ['k', ['keyword', 'storage', 'variable.language', 'markup.heading', 'entity.name.tag']],
  ['t', ['entity.name.type', 'support.type', 'support.class', 'entity.other.inherited-class']],
  ['v', ['support.type.property-name', 'entity.name.tag.yaml']],
  ['f', ['entity.name.function', 'support.function', 'entity.name.command']],
  ['n', ['constant.numeric', 'constant.language', 'constant.character']],
  ['s', ['string', 'punctuation.definition.string', 'markup.inline.raw']],
  ['p', ['punctuation.definition.template-expression', 'keyword.operator.type.annotation']],
  ['c', ['comment', 'punctuation.definition.comment']],
];

/** 色の代わりに、種類の番号を入れた配色。番号はあとでクラス名にします。 */
const theme = {
  name: 'classes',
  type: 'light' as const,
  fg: '#000000',
  bg: '#ffffff',
  settings: classes.map(([, scope], i) => ({
    scope: [...scope],
    settings: { foreground: `#0000${(i + 1).toString(16).padStart(2, '0')}` },
  })),
};

const highlighter = createHighlighterCoreSync({
  themes: [theme],
  langs: [javascript, json, markdown, python, shellscript, typescript, yaml],
  engine: await createOnigurumaEngine(import('shiki/wasm')),
});

const cache = new Map<string, readonly string[]>();

/**
 * コードを、語の種類をクラス名で表した HTML の図にします。色は CSS が決めます。
 *
 * @param code - コード。
 * @param language - ts、js、sh、json、yaml、md、python。ほかの言語は色分けしません。
 * @param options - 行の番号やファイルの名前。
 * @returns `<figure class="code">` の HTML。
 */
export function highlight(code: string, language: string, options: CodeOptions = {}): string {
  const { firstLine, file, href, id } = options;
  const lines = highlightLines(code.replace(/\n$/, ''), language);
  const numbered = lines.map((line, i) => {
    const number = firstLine === undefined ? '' : ` data-n="${firstLine + i}"`;
    return `<span class="line"${number}>${line}</span>`;
  });
  const idAttribute = id === undefined ? '' : ` id="${escapeHtml(id)}"`;
  const numbering = firstLine === undefined ? '' : ' data-lines';
  return (
    `<figure class="code"${idAttribute}${numbering}>${caption(lines.length, file, href, firstLine)}` +
    `<pre tabindex="0"><code class="language-${escapeHtml(language || 'text')}">` +
    `${numbered.join('\n')}\n</code></pre></figure>\n`
  );
}

function caption(count: number, file?: string, href?: string, firstLine?: number): string {
  if (file === undefined) return '';
  const name = escapeHtml(file);
  const link =
    href === undefined ? `<span>${name}</span>` : `<a href="${escapeHtml(href)}">${name}</a>`;
  if (firstLine === undefined) return `<figcaption>${link}</figcaption>`;
  const range = count === 1 ? `${firstLine}` : `${firstLine}–${firstLine + count - 1}`;
  return `<figcaption>${link} <span class="lines">${range} 行</span></figcaption>`;
}

function highlightLines(code: string, language: string): readonly string[] {
  const lang = languages[language];
  if (lang === undefined) return escapeHtml(code).split('\n');
  const key = `${lang}\n${code}`;
  const cached = cache.get(key);
  if (cached !== undefined) return cached;
  const { tokens } = highlighter.codeToTokens(code, { lang, theme: theme.name });
  const lines = tokens.map((line) => {
    const parts: { name: string; text: string }[] = [];
    for (const { content, color } of line) {
      const index = Number.parseInt((color ?? '#0').slice(1), 16);
      const previous = parts[parts.length - 1];
      // 空白には色が要らないので、前の語につなげて HTML を短くします
      const name =
        content.trim() === '' && previous ? previous.name : (classes[index - 1]?.[0] ?? '');
      if (previous?.name === name) previous.text += content;
      else parts.push({ name, text: content });
    }
    return parts
      .map(({ name, text }) =>
        name === '' ? escapeHtml(text) : `<span class="${name}">${escapeHtml(text)}</span>`,
      )
      .join('');
  });
  cache.set(key, lines);
  return lines;
}

/**
 * HTML の文や属性に置けるように、特別な文字を書きかえます。
 *
 * @param text - もとの文字列。
 * @returns 書きかえた文字列。
 */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
