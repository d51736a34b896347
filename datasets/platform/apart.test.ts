import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runApart, type ApartOutcome } from './apart.ts';
import { InterruptedError } from './errors.ts';

let folder: string;
let module: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'apart-'));
  const file = join(folder, 'jobs.mts');
  await writeFile(
    file,
    `export const greet = (name: string): object => ({ text: 'こんにちは、' + name });
     export const fail = (): never => { throw new Error('だめ'); };
     export const vanish = (): void => { process.kill(process.pid, 'SIGKILL'); };
     export const linger = (): object => { setInterval(() => {}, 1000); return { text: '残る' }; };
     export const forever = (): Promise<never> => new Promise(() => { setInterval(() => {}, 1000); });`,
  );
  module = pathToFileURL(file).href;
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const run = (name: string, timeout = 30_000, signal?: AbortSignal): Promise<ApartOutcome> =>
  runApart({ module, name, argument: '世界', timeout, signal });

describe('別のプロセスで動かす', () => {
  it('TypeScript の関数の答えが返る', async () => {
    expect(await run('greet')).toEqual({ ended: 'answered', answer: { text: 'こんにちは、世界' } });
  });

  it('タイマーなどが残っていても、答えたら終わる', async () => {
    expect(await run('linger')).toEqual({ ended: 'answered', answer: { text: '残る' } });
  });

  it('例外で終わっても、プロセスごと落ちても、こちらは続けられる', async () => {
    expect(await run('fail')).toEqual({ ended: 'crashed', how: '終了コード 1' });
    const outcome = await run('vanish');
    expect(outcome.ended).toBe('crashed');
    if (process.platform !== 'win32') expect(outcome).toMatchObject({ how: 'SIGKILL' });
  });

  it('終わらなければ、待つのをやめる', async () => {
    expect(await run('forever', 1500)).toEqual({ ended: 'timedOut' });
  });

  it('Ctrl-C で止められる', async () => {
    const controller = new AbortController();
    const running = run('forever', 30_000, controller.signal);
    controller.abort();
    await expect(running).rejects.toThrow(InterruptedError);
  });
});
