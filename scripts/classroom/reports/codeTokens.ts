import ts from 'typescript';

const { SyntaxKind } = ts;

/**
 * コードを、字句の並びにします。注釈と空白は落とし、学習者が付けた名前はどれも `v`、文字列はどれも `s` にします。
 * 数、記号、`.` の後の名前(`.length` など)、import した名前、JavaScript にある名前(`Math` など)は、そのままです。
 *
 * @param text - コードの全文。文法の誤りがあっても読みます。
 * @returns 字句の並び。
 */
export function codeTokens(text: string): string[] {
  const words = scanAll(text);
  const imported = importedNames(words);
  return words.map(({ kind, text: word }, index) => {
    if (kind === SyntaxKind.StringLiteral) return 's';
    if (kind !== SyntaxKind.Identifier) return word;
    const isMember = words[index - 1]?.kind === SyntaxKind.DotToken;
    return isMember || imported.has(word) || word in globalThis ? word : 'v';
  });
}

interface Word {
  readonly kind: ts.SyntaxKind;
  readonly text: string;
}

function scanAll(text: string): Word[] {
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, true, ts.LanguageVariant.Standard, text);
  const words: Word[] = [];
  // `${` の中の波かっこの深さ。テンプレート文字列の続きを、コードと読み違えないためです
  const depths: number[] = [];
  for (;;) {
    let kind = scanner.scan();
    if (kind === SyntaxKind.EndOfFileToken) return words;
    const last = depths.length - 1; // テンプレートの外では -1
    if (kind === SyntaxKind.CloseBraceToken && depths[last] === 0) {
      kind = scanner.reScanTemplateToken(false);
      if (kind === SyntaxKind.TemplateTail) depths.pop();
    } else if (kind === SyntaxKind.TemplateHead) depths.push(0);
    else if (last >= 0 && kind === SyntaxKind.OpenBraceToken) depths[last]!++;
    else if (last >= 0 && kind === SyntaxKind.CloseBraceToken) depths[last]!--;
    words.push({ kind, text: scanner.getTokenText() });
  }
}

/** import した名前。どの学習者でも同じ意味なので、そのまま比べます。 */
function importedNames(words: readonly Word[]): Set<string> {
  const names = new Set<string>();
  let inside = false;
  for (const { kind, text } of words) {
    if (kind === SyntaxKind.ImportKeyword) inside = true;
    else if (kind === SyntaxKind.FromKeyword || kind === SyntaxKind.StringLiteral) inside = false;
    else if (inside && kind === SyntaxKind.Identifier) names.add(text);
  }
  return names;
}
