import type { MarkdownIt, Token } from 'markdown-it';

const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー々〆、。「」『』（）［］【】〈〉《》：；！？・〜…￥％＋－＝]/u;
const widePunctuation = /[、。「」『』（）［］【】〈〉《》：；！？・]/u;

/**
 * 日本語の行を、空白を入れずにつなぎます。英語や数との境目では、空白が残ります。
 *
 * @param md - 規則を加える先。
 */
export function softBreakRule(md: MarkdownIt): void {
  md.core.ruler.push('japanese_soft_break', (state) => {
    for (const { children } of state.tokens) {
      for (const [i, token] of (children ?? []).entries()) {
        if (token.type !== 'softbreak') continue;
        const before = /.$/u.exec(visible(children!.slice(0, i), 'last'))?.[0] ?? '';
        const after = Array.from(visible(children!.slice(i + 1), 'first'))[0] ?? '';
        const joined =
          (wide.test(before) && wide.test(after)) ||
          widePunctuation.test(before) ||
          widePunctuation.test(after);
        if (!joined) continue;
        token.type = 'text';
        token.markup = 'softbreak';
        token.content = '';
      }
    }
  });
}

/** 改行の隣に見える文字。強調の境目やコメントは、見えないので読みとばします。 */
function visible(tokens: readonly Token[], side: 'first' | 'last'): string {
  const seen = tokens.filter(({ type, content }) => type !== 'html_inline' && content !== '');
  const nearest = side === 'first' ? seen[0] : seen.at(-1);
  return nearest?.type === 'text' ? nearest.content : 'a';
}
