import { color } from '#platform';

/**
 * ヒントのファイルを、段階ごとに分けます。
 *
 * @param text - `## ヒント 1` などの見出しのある Markdown。
 * @returns 段階ごとの本文。見出しがなければ、全体が 1 つです。
 */
export function splitHints(text: string): string[] {
  const [, ...tiers] = text.replaceAll('\r\n', '\n').split(/^## .*$/m);
  const trimmed = tiers.map((tier) => tier.trim()).filter((tier) => tier !== '');
  return trimmed.length === 0 ? [text.trim()] : trimmed;
}

/**
 * 短い Markdown を、端末で読みやすい行にします。コードの囲みは、字下げにします。
 *
 * @param text - Markdown。
 * @returns 行。
 */
export function showMarkdown(text: string): string[] {
  const lines: string[] = [];
  let inCode = false;
  for (const line of text.split('\n')) {
    if (/^\s*```/.test(line)) {
      inCode = !inCode;
      continue;
    }
    lines.push(
      inCode
        ? `    ${color.cyan(line)}`
        : line
            .replace(/`([^`]+)`/g, (_, code: string) => color.cyan(code))
            .replace(/\*\*([^*]+)\*\*/g, (_, strong: string) => color.bold(strong)),
    );
  }
  return lines;
}
