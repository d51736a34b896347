import { describe, expect, it } from 'vitest';
import { hashText, listExercises, readHeader } from './catalog.ts';
import { selectExercises } from '../grading/select.ts';
import { answerRegions, exportedNames, makeStub, replaceRegions } from './stub.ts';
import { applyMistake } from './variants.ts';

const source = `/**
 * 01-05 足し算
 *
 * 難しさ: ★☆☆
 * 目安: 5 分
 *
 * 2 つの数を足すと、いくつになるでしょうか。足した数を返す関数を書いてください。受けとるものは、ふつうの数が 2 つです。返すものも、ふつうの数です。引数は書きかえません。
 *
 * 例:
 * \`\`\`ts
 * add(1, 2); // 3
 * \`\`\`
 *
 * @module
 */
import type { Vector } from '#exercise';

/** 足します。 */
export function add(a: number, b: number): number {
  // #region answer
  const sum = a + b;

  return sum;
  // #endregion
}

export async function total(values: Vector): Promise<number> {
  // #region answer-total
  return values.reduce((sum, value) => sum + value, 0);
  // #endregion
}
`;

describe('学習者が書くファイル', () => {
  const stub = makeStub(source, '01-05');

  it('答えの代わりに、まだ書かれていないことを投げる', () => {
    expect(stub).not.toContain('const sum');
    expect(stub).not.toContain('#region');
    expect(stub.match(/^ {2}throw new NotImplementedError\('01-05'\);$/gm)).toHaveLength(2);
    expect(stub).toContain("import { NotImplementedError } from '#exercise';\nimport type");
  });

  it('問題文と、関数の説明と、型は残る', () => {
    expect(stub).toContain('01-05 足し算');
    expect(stub).toContain(
      '/** 足します。 */\nexport function add(a: number, b: number): number {',
    );
  });

  it('import のない解答でも、頭書きの後に import が入る', () => {
    const made = makeStub(
      source.replace("import type { Vector } from '#exercise';\n", ''),
      '01-05',
    );
    expect(made).toContain(" */\nimport { NotImplementedError } from '#exercise';");
  });

  it('輸出する名前が分かる', () => {
    expect(exportedNames(stub)).toEqual(['add', 'total']);
  });

  it('区間がないか、名前が違えば、作らない', () => {
    expect(() => makeStub('export const a = 1;\n', '01-05')).toThrow('#region answer がありません');
    expect(() => answerRegions('// #region other\n// #endregion\n')).toThrow('other');
    expect(() => answerRegions('// #region answer\n')).toThrow('#endregion がありません');
  });

  it('区間だけを置きかえ、字下げをそろえる', () => {
    const changed = replaceRegions(source, new Map([['answer', 'if (a) {\n  return b;\n}']]));
    expect(changed).toContain('  if (a) {\n    return b;\n  }\n}');
    expect(changed).toContain('values.reduce');
  });
});

describe('間違い', () => {
  const caught = 'x';

  it('一部を書きかえる', () => {
    const changed = applyMistake(source, { name: '引く', replace: [['a + b', 'a - b']], caught });
    expect(changed).toContain('const sum = a - b;');
  });

  it('置きかえる文字の $ は、そのまま入る', () => {
    const changed = applyMistake(source, { name: 'ドル', replace: [['a + b', '$&']], caught });
    expect(changed).toContain('const sum = $&;');
  });

  it('答えを丸ごと置きかえる', () => {
    const changed = applyMistake(source, { name: '零', answer: { answer: 'return 0;' }, caught });
    expect(changed).toContain('return 0;');
    expect(changed).not.toContain('a + b');
  });

  it.each([
    ['見つからない', { replace: [['a * b', 'a']] as const }, '0 回'],
    ['いくつもある', { replace: [['sum', 'x']] as const }, '回現れます'],
    ['どちらもない', {}, 'どちらか一方'],
    ['区間を選んでいない', { answer: 'return 0;' }, '区間ごとに'],
    ['区間がない', { answer: { 'answer-x': '' } }, '解答にありません'],
  ])('書き方が合わなければ断る: %s', (_, change, text) => {
    expect(() => applyMistake(source, { name: '間違い', caught, ...change })).toThrow(text);
  });
});

describe('頭書き', () => {
  it('題、難しさ、時間、問題文を読む', () => {
    const { header, faults } = readHeader(source, '01-05');
    expect(faults).toEqual([]);
    expect(header).toMatchObject({ title: '足し算', stars: 1, minutes: 5 });
    expect(header.statement).toMatch(/^2 つの数を[\s\S]*```$/);
  });

  it.each([
    ['番号が違う', '01-05 足し算', '01-06 足し算', '1 行目'],
    ['難しさがない', ' * 難しさ: ★☆☆\n', '', '難しさ'],
    ['長すぎる', '目安: 5 分', '目安: 45 分', '目安'],
    ['例に結果がない', '// 3', '', '例'],
    ['@module がない', ' * @module\n', '', '@module'],
  ])('足りないものを言う: %s', (_, from, to, text) => {
    expect(readHeader(source.replace(from, to), '01-05').faults.join()).toContain(text);
  });
});

describe('演習の一覧', () => {
  it('このリポジトリの演習を、番号の順に集める', async () => {
    const ids = (await listExercises('.')).map(({ id }) => id);
    expect(ids).toContain('01-04');
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => id.startsWith('01-'))).toEqual(
      ids.filter((id) => id.startsWith('01-')).toSorted(),
    );
  });

  it('章か番号で選べる。ない番号は断る', async () => {
    const all = await listExercises('.');
    expect(selectExercises(all, [])).toEqual(all);
    expect(selectExercises(all, ['01-04']).map(({ name }) => name)).toEqual(['04-softmax']);
    expect(selectExercises(all, ['01']).every(({ id }) => id.startsWith('01-'))).toBe(true);
    expect(() => selectExercises(all, ['01-99'])).toThrow('演習 01-99 はありません');
    expect(() => selectExercises(all, ['9'])).toThrow('演習 9 はありません');
  });

  it('改行の種類が違っても、同じファイルと見なす', () => {
    expect(hashText('a\r\nb\r\n')).toBe(hashText('a\nb\n'));
  });
});
