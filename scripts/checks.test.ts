import { describe, expect, it } from 'vitest';
import { projectRoot } from '#platform';
import { checks, leftOutMark, readLeftOut, runCheck, runChecks, type Check } from './checks.ts';

const script = (name: string, code: string, alone = false): Check => ({
  name,
  about: '',
  command: ['-e', code],
  mend: '',
  alone,
});

describe('検査', () => {
  it('名前が重ならず、どれにも直し方があります', () => {
    expect(new Set(checks.map(({ name }) => name)).size).toBe(checks.length);
    for (const { mend } of checks) expect(mend).not.toBe('');
  });

  it('終了コードで合否を決め、出した文を残します', async () => {
    const passed = await runCheck(projectRoot, script('a', 'console.log("よし")'));
    expect(passed).toMatchObject({ passed: true, output: 'よし\n' });
    const failed = await runCheck(
      projectRoot,
      script('b', 'console.error("だめ");process.exit(3)'),
    );
    expect(failed).toMatchObject({ passed: false, output: 'だめ\n' });
  });

  it('行わなかったことを、出した文から集めます', () => {
    expect(readLeftOut(`よし\n${leftOutMark}速さ\r\n ${leftOutMark}字下げ\n`)).toEqual(['速さ']);
  });

  it('失敗しても最後まで続け、結果はもとの順です', async () => {
    const list = [script('遅い', '', true), script('失敗', ''), script('成功', '')];
    const results = await runChecks(
      list,
      (check) => Promise.resolve({ check, passed: check.name !== '失敗', seconds: 0, output: '' }),
      { onStart: () => undefined, onEnd: () => undefined },
    );
    expect(results.map(({ check, passed }) => [check.name, passed])).toEqual([
      ['遅い', true],
      ['失敗', false],
      ['成功', true],
    ]);
  });

  it('一度に動かすのは2つまでで、一つだけで動かす検査は最後です', async () => {
    let running = 0;
    let most = 0;
    const order: string[] = [];
    const list = [
      script('最後', '', true),
      ...['1', '2', '3', '4'].map((name) => script(name, '')),
    ];
    await runChecks(
      list,
      async (check) => {
        most = Math.max(most, ++running);
        if (check.name === '最後') expect(running).toBe(1);
        await new Promise((resolve) => setTimeout(resolve, 5));
        running--;
        order.push(check.name);
        return { check, passed: true, seconds: 0, output: '' };
      },
      { onStart: () => undefined, onEnd: () => undefined },
    );
    expect(most).toBe(2);
    expect(order.at(-1)).toBe('最後');
  });
});
