/** プログラムの中の、名前のついた区間。 */
export interface Region {
  readonly name: string;
  /** はじめの行(1 から)。`// #region` の次の行です。 */
  readonly firstLine: number;
  /** 終わりの行。`// #endregion` の前の行です。 */
  readonly lastLine: number;
  /** 字下げを詰めたコード。終わりに改行はありません。 */
  readonly code: string;
}

/**
 * プログラムの中の `// #region 名前` から `// #endregion` までを集めます。前後の空行は含めません。
 *
 * @param source - プログラムの全文。
 * @returns 区間と、書き方の間違い(行と文)。
 */
export function findRegions(source: string): {
  regions: ReadonlyMap<string, Region>;
  faults: { line: number; message: string }[];
} {
  const regions = new Map<string, Region>();
  const faults: { line: number; message: string }[] = [];
  const lines = source.split(/\r?\n/);
  let open: { name: string; line: number } | undefined;
  for (const [i, text] of lines.entries()) {
    const line = i + 1;
    const start = /^\s*\/\/ ?#region(?: +(.*?))? *$/.exec(text);
    if (start !== null) {
      const name = start[1] ?? '';
      if (!/^[\w-]+$/.test(name)) {
        faults.push({
          line,
          message: `#region の名前「${name}」は、英数字と - だけにしてください。`,
        });
      } else if (regions.has(name)) {
        faults.push({ line, message: `#region ${name} が二つあります。` });
      }
      if (open !== undefined) {
        faults.push({ line, message: `#region ${open.name} の中に、別の #region は置けません。` });
      }
      open = { name, line };
    } else if (/^\s*\/\/ ?#endregion\b/.test(text)) {
      if (open === undefined)
        faults.push({ line, message: '#endregion に、はじまりがありません。' });
      else regions.set(open.name, cut(lines, open.name, open.line, i));
      open = undefined;
    }
  }
  if (open !== undefined) {
    faults.push({ line: open.line, message: `#region ${open.name} に #endregion がありません。` });
  }
  return { regions, faults };
}

// from, to は添字(0 から)で、to は含みません
function cut(lines: readonly string[], name: string, from: number, to: number): Region {
  let first = from;
  let last = to;
  while (first < last && lines[first]!.trim() === '') first++;
  while (last > first && lines[last - 1]!.trim() === '') last--;
  const body = lines.slice(first, last);
  const indents = body.filter((line) => line.trim() !== '').map((line) => line.search(/\S/));
  const indent = Math.min(...indents, Infinity);
  return {
    name,
    firstLine: first + 1,
    lastLine: last,
    code: body.map((line) => line.slice(indent).trimEnd()).join('\n'),
  };
}
