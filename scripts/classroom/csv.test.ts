import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { UserError } from '#platform';
import { readCsv, readCsvFile, writeCsv } from './csv.ts';

describe('readCsv', () => {
  it('BOM、CRLF、引用符、空の行があっても読める', () => {
    const text = '\uFEFF学籍番号, 氏名\r\nA1,"山田, ""太郎"""\r\n\r\n,\r\nA2,鈴木\r\n';
    expect(readCsv(text)).toEqual([
      { 学籍番号: 'A1', 氏名: '山田, "太郎"' },
      { 学籍番号: 'A2', 氏名: '鈴木' },
    ]);
  });

  it('列の足りない行や、多い行があっても読める', () => {
    expect(readCsv('id,name\na\nb,c,d\n')).toEqual([{ id: 'a' }, { id: 'b', name: 'c' }]);
  });

  it('空の CSV は、0 行', () => {
    expect(readCsv('')).toEqual([]);
  });

  it('引用符が閉じていなければ、行の番号つきで断る', () => {
    expect(() => readCsv('id,name\na,"b\n')).toThrow(/CSV を読めません\(\d+ 行目のあたり\)。/);
  });
});

describe('readCsvFile', () => {
  it('Shift_JIS の CSV は、保存し直し方を教える', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'csv-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const path = join(folder, '名簿.csv');
    await writeFile(path, Buffer.from('8e8196bc0d0a8e5293630d0a', 'hex')); // 氏名、山田
    const error: unknown = await readCsvFile(path).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({ message: '名簿.csv の文字コードが UTF-8 ではありません。' });
    expect((error as UserError).advice).toContain('CSV UTF-8');
  });
});

describe('writeCsv', () => {
  it('Excel で文字化けしない形で書き、数式になる文だけを止める', () => {
    const text = writeCsv(
      ['id', '点'],
      [
        { id: '=1+1', 点: -2.5 },
        { id: '@x', 点: undefined },
        { id: 'a,"b"', 点: 0 },
        { id: '\tx', 点: 1 },
        { id: '＝1', 点: 1 },
        { id: '山田-太郎', 点: 1 },
      ],
    );
    expect(text).toBe(
      '\uFEFFid,点\r\n\'=1+1,-2.5\r\n\'@x,\r\n"a,""b""",0\r\n\'\tx,1\r\n\'＝1,1\r\n山田-太郎,1\r\n',
    );
  });

  it('書いたものを読むと、もとに戻る', () => {
    const rows = [{ a: '1 行目\n2 行目', b: 'x' }];
    expect(readCsv(writeCsv(['a', 'b'], rows))).toEqual(rows);
  });
});
