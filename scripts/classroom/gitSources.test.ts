import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { collect, makeFolder, present, softmax } from './classForTests.ts';

async function makeRepository(folder: string, text: string, branch = 'main'): Promise<string> {
  await mkdir(dirname(join(folder, softmax)), { recursive: true });
  await writeFile(join(folder, softmax), text);
  await writeFile(join(folder, '.gitattributes'), '*.ts filter=lfs\n');
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.com', ...args], {
      cwd: folder,
      stdio: 'pipe',
      env: { ...process.env, GIT_COMMITTER_DATE: '2026-05-01T12:00:00+09:00' },
    });
  git('init', '--quiet', '--initial-branch', branch);
  git('-c', 'filter.lfs.clean=', '-c', 'filter.lfs.required=false', 'add', '.');
  git('commit', '--quiet', '-m', 'x');
  return folder;
}

describe('git の URL を並べた CSV', () => {
  it('受けとって、最後のコミットの時刻を提出の時刻にする', async () => {
    const folder = await makeFolder({});
    await makeRepository(join(folder, 'hw-alice'), 'a');
    const second = await makeRepository(join(folder, 'hw-bob'), 'b', 'work');
    const csv = join(folder, '一覧.csv');
    await writeFile(
      csv,
      `\uFEFF学籍番号,氏名,URL,ref\r\nA1,山田,hw-alice,\r\nA2,鈴木,${pathToFileURL(second).href},work\r\n`,
    );
    const { get, softmaxOf, submissions } = await collect(csv);
    expect(submissions).toHaveLength(2);
    expect(softmaxOf('A1')).toEqual(present('a'));
    expect(softmaxOf('A2')).toEqual(present('b'));
    expect(get('A1').submittedAt).toBe('2026-05-01T12:00:00+09:00');
    expect(get('A1').student.name).toBe('山田');
    expect(get('A1').notes).toEqual([]);
  });

  it('受けとれない URL や危ない URL は知らせるだけで、名簿の GitHub の名前とも合わせる', async () => {
    const folder = await makeFolder({});
    await makeRepository(join(folder, 'hw-alice'), 'a');
    const trap = join(folder, 'trap');
    const rows = [
      'url',
      'hw-alice',
      `--upload-pack=touch ${trap}`,
      `ext::sh -c touch% ${trap}/../other`,
      'file:///nowhere/hw-carol.git',
      'https://user:secret@127.0.0.1:1/x/hw-dave.git',
    ];
    await writeFile(join(folder, 'urls.csv'), rows.join('\n'));
    const roster = [
      { id: 'S1', name: '', github: 'alice' },
      { id: 'S3', name: '', github: 'carol' },
      { id: 'S4', name: '', github: 'dave' },
    ];
    const { get, softmaxOf, submissions } = await collect(join(folder, 'urls.csv'), roster);
    expect(submissions).toHaveLength(5);
    expect(softmaxOf('S1')).toEqual(present('a'));
    expect(get('S3').notes.join()).toContain('受けとれません(見つかりません)');
    expect(softmaxOf('S3')).toEqual({ state: 'missing' });
    expect(get('S4').notes.join()).toContain('受けとれません(つながりません)');
    expect(JSON.stringify(submissions)).not.toContain('secret');
    const others = submissions.filter(({ student }) => !student.id.startsWith('S'));
    for (const { notes } of others) expect(notes.join()).toContain('使えない書き方です');
    expect(existsSync(trap)).toBe(false);
  });

  it('URL の列がなければ、見出しを教える', async () => {
    const folder = await makeFolder({ 'x.csv': 'id,name\n1,a\n' });
    await expect(collect(join(folder, 'x.csv'))).rejects.toThrow(/git の URL がありません/);
  });
});
