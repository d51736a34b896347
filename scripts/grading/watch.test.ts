import type { ChildProcess } from 'node:child_process';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addSolution, makeCheckout, type SampleCheckout } from './checkoutForTests.ts';

const wrong = addSolution.replace('a + b', 'a - b');
const chapter = 'exercises/01-fully-connected';
let checkout: SampleCheckout;
let watching: ChildProcess;
let output = '';

beforeAll(async () => {
  checkout = await makeCheckout([
    { id: '01-01', name: '01-add', title: '足し算' },
    {
      id: '01-02',
      name: '02-add',
      title: 'まとめの足し算',
      answer: "export { add } from './01-add.ts';\n",
    },
    { id: '01-03', name: '03-add', title: '次の足し算' },
  ]);
  watching = checkout.start('grade.js', '--watch');
  watching.stdout!.on('data', (chunk: Buffer) => (output += chunk.toString()));
  watching.stderr!.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await until(() => output.includes('Ctrl-C'));
});
afterAll(async () => {
  watching.kill('SIGKILL');
  await checkout.remove();
});

async function until(holds: () => boolean): Promise<void> {
  const limit = performance.now() + 60_000;
  while (!holds()) {
    if (performance.now() > limit) throw new Error(`待っても変わりません:\n${output}`);
    await wait(20);
  }
}

/** 保存してから、画面に出るまで待ち、そのあとしばらくの間に出たものも合わせて返します。 */
async function after(save: () => Promise<void>, expected: string): Promise<string> {
  output = '';
  await save();
  await until(() => output.includes(expected));
  await wait(500); // 2 度目の結果が出ないことを確かめるため
  return output;
}

const write = (text: string): Promise<void> => checkout.write(`${chapter}/01-add.ts`, text);
const verdicts = (text: string): number => text.match(/01-01 足し算/g)?.length ?? 0;

describe('watch', () => {
  it('はじめに、次の演習を言う', () => {
    expect(output).toContain('01 全結合層 の演習 3 題を見張っています。');
    expect(output).toContain('次の演習: 01-01 足し算');
  });

  it('保存すると、その演習を採点し、失敗をくわしく見せる。関係のない演習は採点しない', async () => {
    const shown = await after(() => write(wrong), 'ヒント: npm run hint -- 01-01');
    expect(shown).toContain('✘ 01-01 足し算 ★☆☆ 不合格(1/3 のテストに合格)');
    expect(shown).toContain('返ってきた値: -1');
    expect(shown).not.toContain('01-03'); // 01-02 は 01-01 を使うので、あとから 1 行で出ます
    expect(shown).not.toContain('\u001b[2J'); // 端末でなければ、画面を消しません
  });

  it('2 回に分けた保存でも、名前を変える保存でも、結果は 1 度だけ出る', async () => {
    const path = join(checkout.root, chapter, '01-add.ts');
    const twice = await after(async () => {
      await writeFile(path, '');
      await wait(20);
      await writeFile(path, `${wrong}// 1`);
    }, 'ヒント: npm run hint');
    expect(twice.match(/✘ 01-01/g)).toHaveLength(2); // 見出しと、くわしい説明
    const renamed = await after(async () => {
      await writeFile(`${path}.tmp`, `${wrong}// 2`);
      await rename(`${path}.tmp`, path);
    }, 'ヒント: npm run hint');
    expect(renamed.match(/✘ 01-01/g)).toHaveLength(2);
  });

  it('合格すると、次の演習を言う。使う側の演習も採点する', async () => {
    const shown = await after(() => write(addSolution), '次の演習');
    expect(shown).toContain('✔ 01-01 足し算 ★☆☆ 合格');
    expect(shown).toContain('✔ 01-02 まとめの足し算 ★☆☆ 合格');
    expect(shown).toContain('次の演習: 01-03');
    expect(verdicts(shown)).toBe(1);
  });

  it('中身が同じなら、何もしない', async () => {
    output = '';
    await write(addSolution);
    await wait(700);
    expect(output).toBe('');
  });

  it('見張っている間に採点の仕様を書きかえても、合格に数えない', async () => {
    const spec = `${chapter}/01-add.spec.ts`;
    const original = await checkout.read(spec);
    await checkout.write(spec, `${original}// 書きかえ\n`);
    const shown = await after(() => write(`${addSolution}// 3`), '01-02');
    expect(shown).toContain('! 01-01 足し算 ★☆☆ 合格に数えません');
    await checkout.write(spec, original);
  });

  it('終わらない答えを採点している間でも、直して保存すれば、すぐに採点する', async () => {
    await write(addSolution.replace('return', 'while (a === a);\n  return'));
    await wait(1000);
    const started = performance.now();
    await after(() => write(addSolution), '✔ 01-01');
    expect(performance.now() - started).toBeLessThan(8000);
  });

  it.skipIf(process.platform === 'win32')('Ctrl-C で終わり、終了コードは 130', async () => {
    const closed = new Promise<number | null>((resolve) => {
      watching.once('close', resolve);
    });
    watching.kill('SIGINT');
    expect(await closed).toBe(130);
    expect(output).toContain('途中で止めました。');
  });
});
