import { findRegions } from '../regions.ts';

const importLine = "import { NotImplementedError } from '#exercise';";

/**
 * 解答から、学習者が書くファイルを作ります。答えの区間(`#region answer…`)を、「まだ書かれていない」というエラーに置きかえます。
 *
 * @param source - 解答の全文(改行は LF)。
 * @param id - 演習の番号。
 * @returns 学習者が書くファイルの全文。
 * @throws Error 答えの区間がないか、書き方が正しくないとき。
 */
export function makeStub(source: string, id: string): string {
  const bodies = new Map(
    answerRegions(source).map((name) => [name, stubBody(id)] satisfies [string, string]),
  );
  return addImport(replaceRegions(source, bodies));
}

function stubBody(id: string): string {
  return [
    '// ここに書きます。書けたら、次の行は消してください。',
    `throw new NotImplementedError('${id}');`,
  ].join('\n');
}

/**
 * 答えの区間の名前を集めます。
 *
 * @param source - 解答の全文。
 * @returns `answer` で始まる名前。
 * @throws Error 答えの区間がないか、書き方が正しくないとき。
 */
export function answerRegions(source: string): string[] {
  const { regions, faults } = findRegions(source);
  const [fault] = faults;
  if (fault !== undefined) throw new Error(`${fault.line} 行目: ${fault.message}`);
  const names = [...regions.keys()];
  const stray = names.find((name) => !/^answer(-[a-z0-9-]+)?$/.test(name));
  if (stray !== undefined) throw new Error(`区間 ${stray} の名前は answer で始めてください。`);
  if (names.length === 0) throw new Error('// #region answer がありません。');
  return names;
}

/**
 * 区間の中身を置きかえ、区間の印を消します。字下げは、もとの印に合わせます。
 *
 * @param source - 全文。
 * @param bodies - 区間の名前と、新しい中身。ない区間は、もとの中身を残します。
 * @returns 置きかえた全文。
 */
export function replaceRegions(source: string, bodies: ReadonlyMap<string, string>): string {
  const result: string[] = [];
  let skipping = false;
  for (const line of source.split('\n')) {
    const start = /^(\s*)\/\/ #region (\S+)\s*$/.exec(line);
    if (start !== null) {
      const body = bodies.get(start[2]!);
      if (body === undefined) continue;
      skipping = true;
      result.push(...body.split('\n').map((one) => (one === '' ? '' : `${start[1]!}${one}`)));
    } else if (/^\s*\/\/ #endregion\b/.test(line)) {
      skipping = false;
    } else if (!skipping) {
      result.push(line);
    }
  }
  return result.join('\n');
}

function addImport(source: string): string {
  const lines = source.split('\n');
  const first = lines.findIndex((line) => line.startsWith('import '));
  // import がなければ、頭書きの後に置きます
  const at = first === -1 ? lines.indexOf(' */') + 1 : first;
  lines.splice(at, 0, importLine);
  return lines.join('\n');
}

/**
 * 学習者に渡すファイルが輸出する名前を集めます。
 *
 * @param source - 全文。
 * @returns 関数と定数とクラスの名前。
 */
export function exportedNames(source: string): string[] {
  const pattern = /^export (?:async )?(?:function\*?|const|class) (\w+)/gm;
  return [...source.matchAll(pattern)].map((match) => match[1]!);
}
