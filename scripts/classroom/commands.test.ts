/**
 * クラスのコマンドを、先生と同じように打って確かめます。
 */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '#platform';

const execute = promisify(execFile);

let folder: string;

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(script: string, ...args: string[]): Promise<Ended> {
  const options = { cwd: projectRoot, env: { ...process.env, NO_COLOR: '1', INIT_CWD: folder } };
  const command = ['--import', 'tsx', join('scripts', script), ...args];
  try {
    return { code: 0, ...(await execute(process.execPath, command, options)) };
  } catch (error) {
    return error as Ended;
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'class-'));
  for (const [index, name] of ['青木 空', '石田 海', '上野 花', '江川 陸', '岡本 光'].entries()) {
    const chapter = join(
      folder,
      '提出',
      `${name}_${100 + index}_assignsubmission_file_`,
      'exercises',
      '01-fully-connected',
    );
    await mkdir(chapter, { recursive: true });
    const file = index % 2 === 0 ? 'solutions' : 'exercises';
    await cp(
      join(projectRoot, file, '01-fully-connected', '04-softmax.ts'),
      join(chapter, '04-softmax.ts'),
    );
  }
  const rows = ['101,石田 海,umi@example.com', '109,和田 雪,yuki@example.com'];
  await writeFile(join(folder, '名簿.csv'), `学籍番号,氏名,メール\n${rows.join('\n')}\n`);
  await mkdir(join(folder, '設定'));
  await writeFile(
    join(folder, '設定', 'class.json'),
    JSON.stringify({ title: '深層学習 A', exercises: ['01-04', '01-05'] }),
  );
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function prepare(name: string): Promise<string> {
  await cp(join(folder, '設定'), join(folder, name), { recursive: true });
  return name;
}

describe('npm run class:grade と class:merge', () => {
  it('採点し、分けて採点してまとめたものも、同じ成績表になる', async () => {
    const whole = await prepare('結果');
    const graded = await run('classGrade.ts', '提出', '-o', whole, '--roster', '名簿.csv');
    expect(graded.stderr).not.toContain('✘');
    expect(graded.code).toBe(0);
    expect(graded.stdout).toContain('提出 5 人(名簿にいて、提出していない人 1 人)、演習 2 題');
    expect(graded.stdout).toMatch(/隔離/);
    expect(graded.stdout).toContain('6 人のうち 5 人が提出。平均 0.6 点、中央値 1 点、満点 2 点');
    const gradebook = await readFile(join(folder, whole, 'gradebook.csv'), 'utf8');
    expect(gradebook).toMatch(/101,石田 海,umi@example.com,[^\r\n]*\r\n/);
    expect(gradebook).toMatch(/109,和田 雪,yuki@example.com,未提出,0,0,/);

    const parts = await Promise.all([1, 2].map((n) => prepare(`part-${n}`)));
    await Promise.all(
      parts.map((part, n) =>
        run('classGrade.ts', '提出', '-o', part, '--roster', '名簿.csv', '--shard', `${n + 1}/2`),
      ),
    );
    const merged = await run('classMerge.ts', ...parts, '-o', 'まとめ');
    expect(merged.stdout).toContain('2 つの結果から、6 人分をまとめました。');
    expect(await readFile(join(folder, 'まとめ', 'gradebook.csv'), 'utf8')).toBe(gradebook);
    expect(await readFile(join(folder, 'まとめ', 'class.json'), 'utf8')).toContain('深層学習 A');

    const again = await run('classGrade.ts', '提出', '-o', whole, '--roster', '名簿.csv');
    expect(again.stdout).toContain('6 人は、前と同じ中身だったので、前の結果を使いました。');
    expect(await readFile(join(folder, whole, 'gradebook.csv'), 'utf8')).toBe(gradebook);
  }, 120_000);

  it.each([
    [['ない', '-o', 'x'], /ない/],
    [['提出', '-o', 'x', '--worksheet', '名簿.csv'], /「評点」\(Grade\)の列がありません/],
  ])(
    '%j は、わけを言って 1 で終わる',
    async (args, message) => {
      const { code, stderr } = await run('classGrade.ts', ...args);
      expect(stderr).toMatch(message);
      expect(stderr).toMatch(/✘[\s\S]*→/);
      expect(code).toBe(1);
    },
    60_000,
  );

  it('結果のないフォルダーは、まとめずに断り、何も書かない', async () => {
    const { code, stderr } = await run('classMerge.ts', '提出', '-o', '空');
    expect(stderr).toMatch(/提出 に、採点の結果がありません。\s+→/);
    expect(code).toBe(1);
    await expect(readFile(join(folder, '空', 'class.json'))).rejects.toThrow(/ENOENT/);
  }, 60_000);

  it('中身の違う 2 つの結果は、まとめずに断る', async () => {
    await prepare('part-3');
    const text = await readFile(join(folder, 'part-1', 'results', '101.json'), 'utf8').catch(() =>
      readFile(join(folder, 'part-2', 'results', '101.json'), 'utf8'),
    );
    await mkdir(join(folder, 'part-3', 'results'));
    await writeFile(
      join(folder, 'part-3', 'results', '101.json'),
      text.replace(/"key": "./, '"key": "?'),
    );
    const { code, stderr } = await run('classMerge.ts', 'part-1', 'part-2', 'part-3', '-o', '別');
    expect(stderr).toMatch(/石田 海\(101\)の結果が 2 つあり、中身が違います/);
    expect(code).toBe(1);
  }, 60_000);
});
