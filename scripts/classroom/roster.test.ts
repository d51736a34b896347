import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder } from './classForTests.ts';
import { makeId, readName } from './naming.ts';
import { findStudent, readRoster } from './roster.ts';

async function rosterOf(text: string) {
  return await readRoster(join(await makeFolder({ '名簿.csv': text }), '名簿.csv'));
}

describe('名簿の CSV', () => {
  it('英語、日本語、Moodle、GitHub Classroom の見出しを読む', async () => {
    expect(await rosterOf('id,name,email,github,moodleId\na1,A,a@x.jp,@al,7\n')).toEqual([
      { id: 'a1', name: 'A', email: 'a@x.jp', github: 'al', moodleId: '7' },
    ]);
    expect(await rosterOf('\uFEFF学籍番号,氏名,メールアドレス\r\nA-1,山田,a@x.jp\r\n')).toEqual([
      { id: 'A-1', name: '山田', email: 'a@x.jp' },
    ]);
    expect(
      await rosterOf('識別子,フルネーム,メールアドレス\n参加者123,山田 太郎,taro@x.jp\n'),
    ).toEqual([{ id: 'taro', name: '山田 太郎', email: 'taro@x.jp', moodleId: '123' }]);
    expect(await rosterOf('identifier,github_username,github_id,name\ns1,alice,9,\n')).toEqual([
      { id: 's1', name: 's1', github: 'alice' },
    ]);
    expect(await rosterOf('姓,名,IDナンバー\n山田,太郎,5\n')).toEqual([
      { id: '5', name: '山田 太郎' },
    ]);
  });

  it('空の名簿と、重なった番号は断る', async () => {
    await expect(rosterOf('a,b\n1,2\n')).rejects.toThrow(/学習者が一人もいません/);
    await expect(rosterOf('id,name\nA1,x\na1,y\n')).rejects.toThrow(/番号 a1 が 2 回/);
  });

  it('同じ氏名が 2 人いれば、氏名だけでは決めない', () => {
    const roster = [
      { id: '1', name: '山田 太郎' },
      { id: '2', name: '山田太郎' },
    ];
    expect(findStudent({ label: '山田太郎' }, roster)).toBeUndefined();
    expect(findStudent({ label: '太郎 山田' }, roster.slice(0, 1))).toBe(roster[0]);
    expect(findStudent({ label: '2_山田太郎', id: '2' }, roster)).toBe(roster[1]);
  });
});

describe('id', () => {
  it.each([
    ['山田 太郎', '山田-太郎'],
    ['con', '_con'],
    ['NUL.txt', '_NUL.txt'],
    ['a.', 'a'],
    ['../../x', 'x'],
    ['a/b:c*?', 'a-b-c'],
    ['***', 'student'],
    ['Ａ１', 'A1'],
  ])('「%s」は、どの OS でも使える「%s」になる', (text, id) => {
    expect(makeId(text, new Set())).toBe(id);
  });

  it('大文字と小文字だけの違いでも、重ならない', () => {
    const used = new Set<string>();
    expect([makeId('Abc', used), makeId('abc', used), makeId('abc', used)]).toEqual([
      ...['Abc', 'abc-2', 'abc-3'],
    ]);
  });
});

describe('提出物の名前', () => {
  it('Moodle の氏名と識別子と、もとのファイルの名前に分ける', () => {
    expect(readName('山田 太郎_12_assignsubmission_file_a_b.zip', '', true)).toEqual({
      ...{ label: '山田 太郎', moodleId: '12', rest: 'a_b.zip' },
    });
    expect(readName('山田_12_assignsubmission_file', '', false)).toMatchObject({ rest: '' });
  });
});
