const gram = 7; // 指紋ひとつにする、続いた字句の数
const window = 4; // この数の続いた指紋から、必ず 1 つは残します

/**
 * 字句の並びの、続いた 7 個ごとの指紋(32 ビットの整数)を、すべて求めます。
 *
 * @param tokens - 字句の並び。
 * @returns 指紋。並びの順です。
 */
export function allFingerprints(tokens: readonly string[]): number[] {
  const codes = tokens.map(hashText);
  const prints: number[] = [];
  for (let start = 0; start + gram <= codes.length; start++) {
    let hash = 0;
    for (let at = start; at < start + gram; at++) hash = mix(hash, codes[at]!);
    prints.push(hash);
  }
  return prints;
}

/**
 * 指紋を間引きます(winnowing)。続いた 4 個ごとに、いちばん小さいもの(同じなら後ろのもの)を残します。
 * 字句が続けて 10 個同じなら、必ず 1 つは同じ指紋が残ります。
 *
 * @param prints - 並びの順の指紋。
 * @returns 残した指紋。重なりはありません。
 */
export function winnow(prints: readonly number[]): Set<number> {
  const kept = new Set<number>();
  for (let start = 0; start + window <= prints.length; start++) {
    let smallest = start;
    for (let at = start + 1; at < start + window; at++) {
      if (prints[at]! <= prints[smallest]!) smallest = at;
    }
    kept.add(prints[smallest]!);
  }
  return kept;
}

const textHashes = new Map<string, number>();

function hashText(text: string): number {
  let hash = textHashes.get(text);
  if (hash === undefined) {
    hash = 17;
    for (let at = 0; at < text.length; at++) hash = mix(hash, text.charCodeAt(at));
    // 長い文字列を並べた提出で、覚えるものが増えすぎないようにします
    if (textHashes.size < 10_000) textHashes.set(text, hash);
  }
  return hash;
}

function mix(hash: number, value: number): number {
  const mixed = Math.imul(hash ^ value, 0x9e3779b1);
  return (mixed ^ (mixed >>> 15)) | 0;
}
