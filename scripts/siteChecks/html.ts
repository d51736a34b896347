/** HTML の開始タグひとつ。 */
export interface Tag {
  /** 小文字の名前。 */
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** 行(1 から)。 */
  readonly line: number;
}

const tagPattern = /<!--[\s\S]*?-->|<([a-z][\w-]*)((?:\s+[^\s=>"/]+(?:\s*=\s*"[^"]*")?)*)\s*\/?>/gi;
const attributePattern = /([^\s=>"/]+)(?:\s*=\s*"([^"]*)")?/g;

/**
 * HTML の開始タグを、出てくる順に読みます。コメントの中は読みません。
 *
 * 値が二重引用符で囲まれた、正しい HTML だけを読めます。正しいことは html-validate が確かめます。
 *
 * @param html - HTML の全文。
 * @returns 開始タグ。
 */
export function readTags(html: string): Tag[] {
  const tags: Tag[] = [];
  let line = 1;
  let counted = 0;
  for (const match of html.matchAll(tagPattern)) {
    for (; counted < match.index; counted++) if (html[counted] === '\n') line++;
    const [, name, attributes = ''] = match;
    if (name === undefined) continue;
    const pairs = [...attributes.matchAll(attributePattern)].map(
      ([, key, value = '']) => [key!.toLowerCase(), unescapeHtml(value)] as const,
    );
    tags.push({ name: name.toLowerCase(), attributes: new Map(pairs), line });
  }
  return tags;
}

/**
 * 文字参照を、もとの文字に戻します。
 *
 * @param text - HTML の中の文字。
 * @returns もとの文字。
 */
export function unescapeHtml(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}
