import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '#platform';
import { collect, exercises, makeFolder, makeZip, present, softmax } from './classForTests.ts';
import { collectSubmissions } from './submissions.ts';

const loose = '04-softmax.ts';

describe('学習者のフォルダーが並んだフォルダー', () => {
  it('教材の写し、exercises だけ、章だけ、ファイルだけ、もう一つ中のフォルダー、どれも読める', async () => {
    const folder = await makeFolder({
      [`a/${softmax}`]: 'a',
      'a/package.json': '{}',
      [`b/deep-learning-main/${softmax}`]: 'b',
      'c/01-fully-connected/04-softmax.ts': 'c',
      'd/04-softmax.ts': 'd',
      'e/提出/04-softmax (2).ts': 'e',
      'e/提出/04-softmax (1).ts': '古い',
      'README.txt': 'x',
      '.git/config': 'x',
      '__MACOSX/x.ts': 'x',
    });
    const { submissions, softmaxOf, notes } = await collect(folder);
    expect(submissions.map(({ student }) => student.id)).toEqual(['a', 'b', 'c', 'd', 'e']);
    for (const id of ['a', 'b', 'c', 'd', 'e']) expect(softmaxOf(id)).toEqual(present(id));
    expect(submissions[0]?.answers.size).toBe(exercises.length);
    expect(submissions[0]?.answers.get('00-01')).toEqual({ state: 'missing' });
    expect(notes.join()).toContain('README.txt');
  });

  it('浅いものを使い、解答の写し、隠しファイル、node_modules は見ない', async () => {
    const folder = await makeFolder({
      [`a/backup/old/${softmax}`]: '深い',
      [`a/${softmax}`]: '浅い',
      'b/solutions/01-fully-connected/04-softmax.ts': '解答',
      [`b/node_modules/x/${softmax}`]: 'x',
      [`b/.trash/${softmax}`]: 'x',
    });
    const { softmaxOf, get } = await collect(folder);
    expect(softmaxOf('a')).toEqual(present('浅い'));
    expect(softmaxOf('b')).toEqual({ state: 'missing' });
    expect(get('b').notes).toEqual(['演習のファイルが、一つもありませんでした。']);
  });

  it('ほかの章のフォルダーにあるファイルや、章の決まらない名前は使わない', async () => {
    const folder = await makeFolder({ 'a/00-introduction/04-softmax.ts': 'x', 'b/same.ts': 'x' });
    const [one, two] = exercises.slice(0, 2).map((exercise) => ({ ...exercise, name: 'same' }));
    const submissions = await collectSubmissions({
      ...{ path: folder, exercises: [one!, two!, ...exercises.slice(2)], root: projectRoot },
      ...{ roster: [], signal: new AbortController().signal, onNote: () => undefined },
    });
    expect(submissions[0]?.answers.get('01-04')).toEqual({ state: 'missing' });
    expect(submissions[1]?.notes.join()).toContain('same.ts は、どの章の演習か分からない');
  });

  it('一人の提出そのものを渡してもよい', async () => {
    const folder = await makeFolder({ [softmax]: 'x' });
    expect((await collect(folder)).softmaxOf('提出-物')).toEqual(present('x'));
  });

  it('提出物がない、読めない形、空のときは、そう言う', async () => {
    const folder = await makeFolder({ 'x.txt': '', 'bad.zip': 'zip ではない' });
    await expect(collect(join(folder, 'なし'))).rejects.toThrow(/がありません。/);
    await expect(collect(join(folder, 'x.txt'))).rejects.toThrow(/読めない形です。/);
    await expect(collect(join(folder, 'bad.zip'))).rejects.toThrow(/zip として開けません/);
    expect((await collect(await makeFolder({}))).notes.join()).toContain('一つもありません');
  });
});

describe('Moodle', () => {
  it('フォルダーごとのダウンロードも、ファイルの名前に付いたものも読め、識別子を覚える', async () => {
    const zip = await makeZip({ [softmax]: 'b' });
    const folder = await makeFolder({
      [`山田 太郎_101_assignsubmission_file_/${loose}`]: 'a',
      '山田 太郎_101_assignsubmission_onlinetext_/onlinetext.html': '<p>',
      '鈴木 花子_102_assignsubmission_file_/kadai.zip': zip,
      '佐藤_103_assignsubmission_file_kadai.zip': await makeZip({ [`repo/${softmax}`]: 'c' }),
      [`田中_104_assignsubmission_file_${loose}`]: 'd',
      '田中_104_assignsubmission_file_05-cross-entropy.ts': 'e',
    });
    const { submissions, get, softmaxOf } = await collect(folder);
    const ids = ['佐藤', '山田-太郎', '田中', '鈴木-花子'];
    expect(submissions.map(({ student }) => student.id)).toEqual(ids.sort());
    expect(get('山田-太郎').student).toEqual({
      ...{ id: '山田-太郎', name: '山田 太郎', moodleId: '101' },
    });
    expect(softmaxOf('山田-太郎')).toEqual(present('a'));
    expect(softmaxOf('鈴木-花子')).toEqual(present('b'));
    expect(softmaxOf('佐藤')).toEqual(present('c'));
    expect(softmaxOf('田中')).toEqual(present('d'));
    expect(get('田中').answers.get('01-05')).toEqual(present('e'));
  });

  it('全員の提出をまとめた 1 つの zip も、それだけが入ったフォルダーも読める', async () => {
    const all = await makeZip({
      '山田_101_assignsubmission_file_/kadai.zip': await makeZip({ [softmax]: 'a' }),
      [`鈴木_102_assignsubmission_file_/${loose}`]: 'b',
    });
    const folder = await makeFolder({ '課題1.zip': all });
    for (const path of [folder, join(folder, '課題1.zip')]) {
      const { softmaxOf } = await collect(path);
      expect(softmaxOf('山田')).toEqual(present('a'));
      expect(softmaxOf('鈴木')).toEqual(present('b'));
    }
  });
});

describe('Google Classroom と GitHub Classroom', () => {
  it('「氏名 - ファイル名.zip」を読み、出し直しは新しいほうを使って知らせる', async () => {
    const folder = await makeFolder({
      '山田太郎 - 課題.zip': await makeZip({ [softmax]: '古い' }),
      '山田太郎 - 課題 (1).zip': await makeZip({ [softmax]: '新しい' }),
      [`鈴木 - ${loose}`]: 'b',
    });
    const { get, softmaxOf } = await collect(folder);
    expect(softmaxOf('山田太郎')).toEqual(present('新しい'));
    expect(get('山田太郎').notes.join()).toMatch(/課題\.zip ではなく .*課題 \(1\)\.zip を採点/);
    expect(softmaxOf('鈴木')).toEqual(present('b'));
  });

  it('gh classroom clone student-repos のフォルダーから、GitHub の名前を読む', async () => {
    const folder = await makeFolder({
      [`hw-1-submissions/hw-1-alice/${softmax}`]: 'a',
      [`hw-1-submissions/hw-1-bob-b/${softmax}`]: 'b',
    });
    const { get } = await collect(folder);
    expect(get('alice').student.github).toBe('alice');
    const roster = [{ id: 'S1', name: 'ボブ', github: 'Bob-B' }];
    const matched = await collect(folder, roster);
    expect(matched.softmaxOf('S1')).toEqual(present('b'));
    expect(matched.get('alice').notes.join()).toContain('名簿のだれの提出か決められません');
  });
});

describe('名簿', () => {
  it('番号、メール、氏名、識別子のどれでも合わせ、出していない人も入れる', async () => {
    const folder = await makeFolder({
      'A001_最終版/04-softmax.ts': '1',
      'jiro@example.com/04-softmax.ts': '2',
      '鈴木　花子/04-softmax.ts': '3',
      'だれか_105_assignsubmission_file_/04-softmax.ts': '5',
    });
    const { softmaxOf, get } = await collect(folder, [
      { id: 'A001', name: '山田' },
      { id: 'A002', name: '次郎', email: 'jiro@example.com' },
      { id: 'A003', name: '鈴木 花子' },
      { id: 'A004', name: '未提出' },
      { id: 'A005', name: '識別', moodleId: '105' },
    ]);
    for (const number of ['1', '2', '3', '5']) {
      expect(softmaxOf(`A00${number}`)).toEqual(present(number));
      expect(get(`A00${number}`).notes).toEqual([]);
    }
    expect(get('A004')).toMatchObject({ source: '', notes: [] });
    expect(softmaxOf('A004')).toEqual({ state: 'missing' });
  });

  it('一人の提出が 2 つあれば、1 つだけを使って知らせる', async () => {
    const folder = await makeFolder({
      'A001.zip': await makeZip({ [softmax]: '古い' }), // 2026 年 1 月
      'A001-2/04-softmax.ts': '新しい',
      'x/04-softmax.ts': 'x',
    });
    const { softmaxOf, get } = await collect(folder, [{ id: 'A001', name: '山田' }]);
    expect(softmaxOf('A001')).toEqual(present('新しい'));
    expect(get('A001').notes.join()).toContain('提出が 2 つ以上あるので');
  });
});

describe('配ったものとの違い', () => {
  it('仕様やヒントや採点のしくみが違えば、1 つの文で知らせる', async () => {
    const chapter = 'exercises/01-fully-connected';
    const [one, two] = [`${chapter}/04-softmax.spec.ts`, `${chapter}/05-cross-entropy.spec.ts`];
    const all = exercises.filter((exercise) => exercise.chapter === '01-fully-connected');
    const specs = await Promise.all(
      all.map(async ({ spec }) => [`a/${spec}`, await readFile(join(projectRoot, spec))] as const),
    );
    const same = Object.fromEntries(specs);
    const folder = await makeFolder({
      ...same,
      [`a/${softmax}`]: 'x',
      [`a/${one}`]: '// 全部合格',
      'a/exercises/support/index.ts': '// 書きかえ',
      [`b/${softmax}`]: 'x',
      [`b/${two}`]: (await readFile(join(projectRoot, two), 'utf8')).replaceAll('\n', '\r\n'),
      [`c/${softmax}`]: 'x',
    });
    const { get } = await collect(folder);
    expect(get('a').notes).toEqual([
      '採点の仕様(01-04)、採点のしくみ(exercises/support/index.ts)が、書きかえられているか、古い版です。採点には、配ったものを使いました。',
    ]);
    // 改行の違いだけなら同じもの。ほかの仕様は消えています
    expect(get('b').notes.join()).toMatch(/^採点の仕様\(01-01、.* ほか 18 つ\)が/);
    expect(get('b').notes.join()).not.toContain('01-05');
    expect(get('c').notes).toEqual([]);
  });
});
