import katex from 'katex';
import type { MarkdownIt } from 'markdown-it';

/**
 * `$…$` を式の部品 `math` にします。日本語の隣でも使えます。`$5 と $6` のような金額は、式と見なしません。
 *
 * @param md - 規則を加える先。
 */
export function mathRule(md: MarkdownIt): void {
  md.inline.ruler.before('escape', 'math', (state, silent) => {
    const rest = state.src.slice(state.pos);
    const match = /^\$(?![\s$])((?:\\.|[^\\$])*[^\\\s$])\$(?![\w$])/.exec(rest);
    if (match === null || /[\w$\\]/.test(state.src[state.pos - 1] ?? '')) return false;
    if (!silent) state.push('math', '', 0).content = match[1]!;
    state.pos += match[0].length;
    return true;
  });
}

/**
 * TeX の式を MathML にします。書体や CSS の配布は要りません。
 *
 * @param tex - 式。
 * @param display - 行を占める式なら true。
 * @returns MathML。
 * @throws Error 式の書き方が違うとき。
 */
export function renderMath(tex: string, display: boolean): string {
  const html = katex.renderToString(tex, {
    output: 'mathml',
    displayMode: display,
    throwOnError: true,
    strict: 'ignore',
  });
  // 元の TeX の写しと、KaTeX の書体のための包みは、ページには要りません
  return html
    .replace(/<annotation[^>]*>[\s\S]*?<\/annotation>/g, '')
    .replace(/<\/?semantics>/g, '')
    .replace(/^<span class="katex">([\s\S]*)<\/span>$/, '$1');
}
