import { execFile } from 'node:child_process';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chooseSandbox, describeIsolation, Sandbox, type Isolation } from './command.ts';

const execute = promisify(execFile);

/** 閉じこめた中から、外に触れるかを試すプログラムです。触れたものの名前を書きます。 */
const probe = `
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
const [folder, secret, url] = process.argv.slice(2);
const reached = [];
const attempt = (name, act) => { try { act(); reached.push(name); } catch {} };
attempt('許したファイルを読む', () => readFileSync(folder + '/probe.mjs'));
attempt('外のファイルを読む', () => readFileSync(secret));
attempt('フォルダーの一覧', () => readdirSync('/home'));
attempt('許したフォルダーに書く', () => writeFileSync(folder + '/written', ''));
attempt('外に書く', () => writeFileSync(secret + '.new', ''));
attempt('プログラムを始める', () => execFileSync(process.execPath, ['--version']));
attempt('環境変数を読む', () => { if (process.env.SECRET_OF_TEACHER === undefined) throw 0; });
await new Promise((resolve) => {
  get(url, () => { reached.push('通信する'); resolve(); }).on('error', resolve);
  setTimeout(resolve, 1500);
});
console.log(JSON.stringify(reached));
process.exit();
`;

let folder: string;
let secret: string;
let server: Server;
let url: string;

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'sandbox-')));
  await writeFile(join(folder, 'probe.mjs'), probe);
  const outside = await realpath(await mkdtemp(join(tmpdir(), 'outside-')));
  secret = join(outside, 'secret');
  await writeFile(secret, '先生だけが知ること');
  server = createServer((_, response) => {
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  process.env['SECRET_OF_TEACHER'] = '1';
});

afterAll(async () => {
  server.close();
  delete process.env['SECRET_OF_TEACHER'];
  await rm(folder, { recursive: true, force: true });
  await rm(join(secret, '..'), { recursive: true, force: true });
});

async function reachedFrom(isolation: Isolation): Promise<string[]> {
  const sandbox = new Sandbox(isolation, { readable: [folder], environment: {} });
  const { file, args, env } = sandbox.command([join(folder, 'probe.mjs'), folder, secret, url]);
  const { stdout } = await execute(file, [...args], { env });
  return JSON.parse(stdout) as string[];
}

async function works(isolation: Isolation): Promise<boolean> {
  return reachedFrom(isolation).then(
    () => true,
    () => false,
  );
}

describe('採点のプロセスを閉じこめる', () => {
  it('閉じこめなければ、外に触れる(試すプログラムが正しいことの確認)', async () => {
    const { stdout } = await execute(process.execPath, [
      ...[join(folder, 'probe.mjs'), folder, secret, url],
    ]);
    expect(JSON.parse(stdout)).toEqual(
      expect.arrayContaining([
        '外のファイルを読む',
        'プログラムを始める',
        '環境変数を読む',
        '通信する',
      ]),
    );
    await rm(join(folder, 'written'));
  });

  it.skipIf(process.platform === 'win32')(
    'Node.js の許可の仕組みだけでも、ファイルとプログラムには触れない',
    async () => {
      const reached = await reachedFrom('node');
      // 通信は、Node.js の版によっては止められません。だから「隔離が弱い」と知らせます
      expect(reached.filter((what) => what !== '通信する')).toEqual(['許したファイルを読む']);
      expect(describeIsolation('node')).toMatch(/隔離が弱い/);
    },
  );

  it('unshare があれば、通信もできない', async ({ skip }) => {
    if (!(await works('unshare'))) skip('この機械では unshare を使えません');
    expect(await reachedFrom('unshare')).toEqual(['許したファイルを読む']);
  });

  it('bubblewrap があれば、通信もできない', async ({ skip }) => {
    if (!(await works('bubblewrap'))) skip('この機械では bubblewrap を使えません');
    expect(await reachedFrom('bubblewrap')).toEqual(['許したファイルを読む']);
  });

  it('この機械で使えるものから、いちばん強いものを選ぶ', async () => {
    const { isolation } = await chooseSandbox({ readable: [folder], environment: {} });
    const available: Isolation[] = [];
    for (const one of ['bubblewrap', 'unshare'] as const) if (await works(one)) available.push(one);
    expect(isolation).toBe(available[0] ?? 'node');
  });
});
