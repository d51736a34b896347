import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { projectRoot, UserError } from '#platform';
import { loadExercises, type Exercise } from '../../grading/exercises.ts';
import type { ExerciseResult } from '../../grading/results.ts';
import type { GradedExercise, GradedSubmission, GradingStatus } from '../types.ts';
import { readAdjustments } from './adjustments.ts';
import { writeReports } from './index.ts';
import { parseSettings, readSettings } from './settings.ts';
import { readTime } from './worksheet.ts';

const chosen = ['01-04', '01-05', '02-1-03'];
const exercises = (await loadExercises(projectRoot)).filter(({ id }) => chosen.includes(id));

let out: string;
beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), 'reports-'));
});
afterEach(() => rm(out, { recursive: true, force: true }));

type Made =
  'passed' | 'notStarted' | { headline: string; likely?: string; got?: string } | GradingStatus;

function gradedAs(
  { id, title, chapter, stub: file, stars, minutes }: Exercise,
  made: Made,
): GradedExercise {
  const common = {
    id,
    title,
    chapter,
    file,
    stars,
    minutes,
    seconds: 1,
    specChanged: false,
    hash: 'x',
  };
  const passed = made === 'passed';
  const result: ExerciseResult = {
    ...common,
    status: passed ? 'passed' : 'failed',
    tests: [],
    score: passed ? 1 : 0,
  };
  if (made === 'notStarted') return { status: 'ok', result: { ...result, status: 'notStarted' } };
  if (typeof made === 'string') {
    if (passed) return { status: 'ok', result };
    return {
      status: made,
      result: { ...result, reason: { kind: 'timeout', text: '時間切れです。' } },
    };
  }
  return {
    status: 'ok',
    answer: `export const a = '${made.headline}';`,
    result: {
      ...result,
      score: 0.5,
      reason: { kind: 'wrong', text: made.headline },
      tests: [
        { name: '例のとおりになる', status: 'passed', seconds: 0 },
        {
          name: '行ごとに計算する',
          status: 'failed',
          seconds: 0,
          message: { ...made, tried: 'softmax([[1, 2]])' },
        },
        {
          name: '後のテスト',
          status: 'failed',
          seconds: 0,
          message: { headline: '後の失敗です。' },
        },
      ],
    },
  };
}

/** 学習者ひとりの結果。演習は 01-04、01-05、02-1-03 の順です。 */
function submissionOf(
  id: string,
  made: readonly Made[],
  more: Partial<GradedSubmission> = {},
): GradedSubmission {
  const own = exercises.map((exercise, i) => gradedAs(exercise, made[i]!));
  const status = own.find((one) => one.status !== 'ok')?.status ?? 'ok';
  return {
    ...{ version: 1, key: id, student: { id, name: `${id} さくら`, email: `${id}@example.com` } },
    ...{ source: `提出/${id}`, status, notes: [], exercises: own },
    ...more,
  };
}

async function report(
  graded: readonly GradedSubmission[],
  worksheet?: string,
): Promise<Record<string, string>> {
  const settings = await readSettings(out);
  const now = new Date('2026-11-25T00:00:00Z');
  await writeReports({ root: projectRoot, out, settings, exercises, graded, worksheet, now });
  const names = await readdir(out, { recursive: true, withFileTypes: true });
  const files = names.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
  return Object.fromEntries(
    await Promise.all(
      files.map(async (file) => [
        file.slice(out.length + 1).replaceAll('\\', '/'),
        await readFile(file, 'utf8'),
      ]),
    ),
  ) as Record<string, string>;
}

function configure(settings: object): Promise<void> {
  return writeFile(join(out, 'class.json'), JSON.stringify(settings));
}

describe('クラスの設定', () => {
  it('なければ、はじめの値を書く。あれば、書きかえない', async () => {
    expect(await readSettings(out)).toMatchObject({ exercises: [], partial: false, due: null });
    const text = '{ "title": "深層学習 A" }';
    await writeFile(join(out, 'class.json'), text);
    expect((await readSettings(out)).title).toBe('深層学習 A');
    expect(await readFile(join(out, 'class.json'), 'utf8')).toBe(text);
  });

  it.each([
    ['{ "titel": "A" }', /"titel" は、知らない項目です/],
    ['{ "due": "12 月 1 日" }', /"due" を読めません/],
    ['{ "late": [{ "hours": 0, "percent": 120 }] }', /"late\.0\.percent" を読めません/],
    ['{ "points": { "01-4": 1 } }', /"points/],
    ['{ "title": ', /JSON として読めません/],
  ])('正しくない設定 %s は、どこが違うかを言って断る', (text, message) => {
    expect(() => parseSettings(text, 'class.json')).toThrow(message);
    expect(() => parseSettings(text, 'class.json')).toThrow(UserError);
  });
});

describe('成績表', () => {
  it('Excel で開ける形で、同じ結果からは同じファイルになる', async () => {
    const graded = [
      submissionOf('s2', ['passed', 'notStarted', 'passed']),
      submissionOf('s1', ['passed', 'passed', 'timeout']),
    ];
    const { 'gradebook.csv': once } = await report(graded);
    const { 'gradebook.csv': again } = await report(graded.toReversed());
    expect(again).toBe(once);
    const lines = once!.split('\r\n');
    expect(lines[0]).toBe(
      '\uFEFFid,氏名,メール,状態,合格数,得点,遅れ(時間),減点(%),手で足した点,合計,満点,01-04 ソフトマックス,01-05 交差エントロピー,02-1-03 1 チャネルの畳み込み,知らせ',
    );
    expect(lines[1]).toBe('s1,s1 さくら,s1@example.com,時間切れあり,2,2,0,0,0,2,3,1,1,0,');
    expect(lines[2]).toBe('s2,s2 さくら,s2@example.com,採点ずみ,2,2,0,0,0,2,3,1,0,1,');
  });

  it('数式として動く氏名を、文字にする', async () => {
    const one = submissionOf('s1', ['passed', 'passed', 'passed']);
    const { 'gradebook.csv': text, 'google-classroom.csv': google } = await report([
      { ...one, student: { id: 's1', name: '=HYPERLINK("http://x")' } },
    ]);
    expect(text).toContain(`"'=HYPERLINK(""http://x"")"`);
    expect(google).toContain(`"'=HYPERLINK(""http://x"")"`);
  });

  it('配点と、テストの割合の点', async () => {
    await configure({ points: { default: 2, '01-05': 5 }, partial: true });
    const { 'gradebook.csv': text } = await report([
      submissionOf('s1', ['passed', { headline: '違います。' }, 'timeout']),
    ]);
    expect(text!.split('\r\n')[1]).toBe(
      's1,s1 さくら,s1@example.com,時間切れあり,1,4.5,0,0,0,4.5,9,2,2.5,0,',
    );
  });

  it('締め切りに遅れた分を、規則で引く。時刻が分からなければ引かない', async () => {
    await configure({
      due: '2026-12-01T23:59:00+09:00',
      late: [
        { hours: 24, percent: 30 },
        { hours: 0, percent: 10 },
      ],
    });
    const all: Made[] = ['passed', 'passed', 'passed'];
    const { 'gradebook.csv': text, 'index.html': page } = await report([
      submissionOf('a', all, { submittedAt: '2026-12-01T23:59:00+09:00' }),
      submissionOf('b', all, { submittedAt: '2026-12-01T15:29:00Z' }),
      submissionOf('c', all, { submittedAt: '2026-12-02T23:59:00+09:00' }),
      submissionOf('d', all),
      submissionOf('e', ['missing', 'missing', 'missing'], { source: '' }),
    ]);
    const late = text!
      .split('\r\n')
      .slice(1, 6)
      .map((line) => line.split(',').slice(5, 10).join(' '));
    expect(late).toEqual([
      '3 0 0 0 3',
      '3 0.5 10 0 2.7',
      '3 24 30 0 2.1',
      '3 不明 0 0 3',
      '0 0 0 0 0',
    ]);
    expect(page).toContain('締め切り(2026年12月1日 23:59)に遅れたのは 2 人です');
    expect(page).toContain('提出の時刻が分からない 1 人');
    expect(text).toContain('未提出');
  });

  it('手で直した点は、採点し直しても残る', async () => {
    await report([submissionOf('s1', ['passed', 'notStarted', 'passed'])]);
    const path = join(out, 'adjustments.csv');
    const header = await readFile(path, 'utf8');
    expect(header).toMatch(/^\uFEFFid,exercise,points,reason\r\n# 例/);
    const edited = `${header}s1,01-05,0.5,途中の考え方が正しい\r\ns1,,−1,口頭で説明できなかった\r\n`;
    await writeFile(path, edited);
    const files = await report([submissionOf('s1', ['passed', 'notStarted', 'passed'])]);
    expect(files['adjustments.csv']).toBe(edited);
    expect(files['gradebook.csv']!.split('\r\n')[1]).toBe(
      's1,s1 さくら,s1@example.com,採点ずみ,2,2.5,0,0,-1,1.5,3,1,0.5,1,',
    );
    expect(files['feedback/s1.md']).toContain('01-05 を +0.5 点直しました(途中の考え方が正しい)');
  });

  it('Excel が Shift_JIS で保存した、手で直した点も読む', async () => {
    const bytes = Buffer.concat([
      Buffer.from('id,exercise,points,reason\r\ns1,01-04,1,'),
      Buffer.from([0x8d, 0x87, 0x8a, 0x69]), // 「合格」の Shift_JIS
    ]);
    await writeFile(join(out, 'adjustments.csv'), bytes);
    const [one] = await readAdjustments(out, new Set(['s1']), new Set(['01-04']));
    expect(one).toEqual({ id: 's1', exercise: '01-04', points: 1, reason: '合格' });
  });

  it.each([
    ['s9,01-04,1,', /2 行目の id「s9」は、クラスにいません/],
    ['s1,01-99,1,', /2 行目の演習「01-99」は、採点していません/],
    ['s1,01-04,一点,', /2 行目の点「一点」は、数ではありません/],
    ['s1,01-04,,', /2 行目の点「」は、数ではありません/],
  ])('正しくない行 %s は、行を言って断り、ほかのファイルを書かない', async (row, message) => {
    await writeFile(join(out, 'adjustments.csv'), `id,exercise,points,reason\n${row}\n`);
    await expect(report([submissionOf('s1', ['passed', 'passed', 'passed'])])).rejects.toThrow(
      message,
    );
    expect((await readdir(out)).sort()).toEqual(['adjustments.csv', 'class.json']);
  });
});

describe('Moodle の評定ワークシート', () => {
  const english = [
    'Identifier,Full name,Email address,Status,Grade,Maximum Grade,Last modified (submission),Feedback comments',
    'Participant 7,s1 さくら,,Submitted,,3.00,"Wednesday, 2 December 2026, 12:29 AM",',
    'Participant 8,だれか,,No submission,-,3.00,-,',
  ].join('\n');
  const japanese = [
    'ID,識別子,氏名,メールアドレス,ステータス,評点,最大評点,最終更新日時 (提出),フィードバックコメント',
    '1,参加者7,別の名前,S1@example.com,提出済み,,3.00,2026年 12月 2日(水曜日) 00:29,',
  ].join('\n');

  it.each([
    [
      '英語',
      english,
      'Participant 7,s1 さくら,,Submitted,2.7,3.00,"Wednesday, 2 December 2026, 12:29 AM",',
    ],
    [
      '日本語',
      japanese,
      '1,参加者7,別の名前,S1@example.com,提出済み,2.7,3.00,2026年 12月 2日(水曜日) 00:29,',
    ],
  ])('%s のワークシートに、評点とコメントだけを書きこむ', async (_, text, filled) => {
    await mkdir(join(out, 'given'));
    const path = join(out, 'given', 'worksheet.csv');
    await writeFile(path, `\uFEFF${text}`);
    await configure({ due: '2026-12-01T23:59:00+09:00', late: [{ hours: 0, percent: 10 }] });
    const { 'moodle.csv': written } = await report(
      [submissionOf('s1', ['passed', 'passed', 'passed'])],
      path,
    );
    const lines = written!.split('\r\n');
    expect(lines[0]).toBe(`\uFEFF${text.split('\n')[0]!}`);
    expect(lines[1]).toBe(
      `${filled}3 題に合格し、2.7 点です(満点 3)。締め切りに遅れたので 10 % を引きました。`,
    );
    if (text === english) expect(lines[2]).toBe(english.split('\n')[2]);
  });

  it.each([
    ['Wednesday, 25 November 2026, 10:30 PM', '2026-11-25T13:30:00.000Z'],
    ['Wednesday, 25 November 2026, 12:05 AM', '2026-11-24T15:05:00.000Z'],
    ['2026年 11月 25日(水曜日) 22:30', '2026-11-25T13:30:00.000Z'],
    ['2026/11/25 22:30', '2026-11-25T13:30:00.000Z'],
    ['-', undefined],
  ])('時刻 %s を読む', (text, expected) => {
    expect(readTime(text, 'Asia/Tokyo')).toBe(expected);
  });

  it('夏時間のある時間帯でも、時刻を読む', () => {
    expect(readTime('1 July 2026, 10:30 PM', 'Europe/London')).toBe('2026-07-01T21:30:00.000Z');
    expect(readTime('1 January 2026, 10:30 PM', 'Europe/London')).toBe('2026-01-01T22:30:00.000Z');
  });

  it('評点の列がなければ断る', async () => {
    const path = join(out, 'wrong.csv');
    await writeFile(path, 'a,b\n1,2\n');
    await expect(
      report([submissionOf('s1', ['passed', 'passed', 'passed'])], path),
    ).rejects.toThrow(/「評点」\(Grade\)の列がありません/);
  });
});

describe('学習者への講評', () => {
  it('できたところ、はじめの失敗、ヒントを伝え、ほかの人のことは書かない', async () => {
    const files = await report([
      submissionOf('s1', [
        'passed',
        { headline: '符号が逆です。', likely: '最後に − を付けてください。', got: '-1.2' },
        'notStarted',
      ]),
      submissionOf('other', ['timeout', 'passed', 'passed']),
    ]);
    for (const name of ['feedback/s1.md', 'feedback/s1.html']) {
      const text = files[name]!;
      expect(text).toContain('3 題のうち 1 題に合格し、1 点です(満点 3 点)。');
      expect(text).toContain('01-04 ソフトマックス');
      expect(text).toContain('符号が逆です。');
      expect(text).toContain('最後に − を付けてください。');
      expect(text).toContain('行ごとに計算する');
      expect(text).toContain('softmax([[1, 2]])');
      expect(text).toMatch(/まだ手を付けていないもの[\s\S]*02-1-03/);
      expect(text).not.toContain('後の失敗です。');
      expect(text).not.toContain('other');
      expect(text).not.toContain('undefined');
    }
    expect(files['feedback/s1.md']).toMatch(/ヒント: .{10,}/);
    expect(files['feedback/other.html']).toContain('時間切れです。');
  });

  it('学習者が書いた文字は、HTML や Markdown として働かない', async () => {
    const bad = '</pre><script>alert(1)</script><img src=x onerror=alert(1)>\u202e`````\n# 見出し';
    const one = submissionOf('s1', [{ headline: bad, got: bad, likely: bad }, 'passed', 'passed']);
    const files = await report([
      { ...one, student: { id: 's1', name: `${bad} 子` }, notes: [bad] },
    ]);
    for (const [name, text] of Object.entries(files)) {
      if (!name.endsWith('.html')) continue;
      expect(text).not.toMatch(/<script|<img|\u202e/);
      expect(text).toContain("default-src 'none'");
    }
    const markdown = files['feedback/s1.md']!;
    const outside = markdown.replace(/^(`{6,})text\n[\s\S]*?\n\1$/gm, '');
    expect(outside).not.toMatch(/(?<!\\)<script|^# 見出し|\u202e/m);
  });
});

describe('クラスのページ', () => {
  const wrong = (n: number): Made => ({
    headline: `[0][${n}] は ${n} のはずです。`,
    likely: '最大値を引いてください。',
  });
  const graded = [
    submissionOf('s1', ['passed', wrong(1), 'passed']),
    submissionOf('s2', ['passed', wrong(2), 'memory'], {
      notes: ['採点の仕様が書きかえられています。'],
    }),
    submissionOf('s3', ['passed', wrong(3), 'notStarted']),
    submissionOf('s4', ['missing', 'missing', 'missing'], { source: '' }),
  ];

  it('人数、合格の割合、多かったつまずき、見てほしい提出が分かる', async () => {
    const { 'index.html': page } = await report(graded);
    expect(page).toContain('4 人のうち 3 人が提出しました');
    expect(page).toMatch(/01-04 ソフトマックス.*100\.0 %/);
    expect(page).toMatch(/02-1-03 1 チャネルの畳み込み.*33\.3 %/);
    expect(page).toMatch(/最大値を引いてください。[\s\S]{0,120}<td class="number">3<\/td>/);
    expect(page).toMatch(
      /見てほしい提出[\s\S]*メモリー切れあり[\s\S]*採点の仕様が書きかえられています。/,
    );
    expect(page).toContain('href="feedback/s2.html"');
    expect(page).not.toContain('採点するたびの変わり方');
  });

  it('採点し直すと、変わり方の図が加わる。読めない記録は、名前を変えて残す', async () => {
    await report(graded);
    const { 'index.html': page, 'history.json': history } = await report(graded);
    expect(page).toContain('採点するたびの変わり方');
    expect((JSON.parse(history!) as { runs: unknown[] }).runs).toHaveLength(2);
    await writeFile(join(out, 'history.json'), '{ 壊れた');
    const files = await report(graded);
    const aside = Object.keys(files).find((name) => name.endsWith('.broken'));
    expect(files[aside!]).toBe('{ 壊れた');
    expect((JSON.parse(files['history.json']!) as { runs: unknown[] }).runs).toHaveLength(1);
  });

  it('つまずいた人の講評へ、つまずきから行ける。多いときは、はじめの 8 人だけ', async () => {
    const many = Array.from({ length: 10 }, (_, i) =>
      submissionOf(`t${i}`, ['passed', wrong(i), 'passed']),
    );
    const { 'index.html': page } = await report(many);
    const [, row] = /最大値を引いてください。([\s\S]*?)<\/tr>/.exec(page!)!;
    expect(row!.match(/href="feedback\/t\d\.html"/g)).toHaveLength(8);
    expect(row).toContain('ほか 2 人');
  });

  it('だれも提出していなくても作れる', async () => {
    const { 'index.html': page } = await report([graded[3]!]);
    expect(page).toContain('1 人のうち 0 人が提出しました');
  });
});
