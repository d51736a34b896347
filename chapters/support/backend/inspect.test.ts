import { describe, expect, it } from 'vitest';
import { InterruptedError, projectRoot } from '#platform';
import { engines } from './engines.ts';
import { inspectEngines, inspectHere } from './inspect.ts';

describe('計算する仕組みの検査', () => {
  it('すべての仕組みを調べ、wasm では本当に学習でき、使えないものにはわけと方法がある', async () => {
    const found = await inspectEngines();
    expect(found.map(({ engine }) => engine)).toEqual(engines.map(({ id }) => id));
    expect(found[0]).toMatchObject({ engine: 'wasm', device: 'cpu', usable: true });
    expect(found[0]!.detail).toContain('TF.js');
    for (const { usable, detail, advice } of found) {
      if (usable) continue;
      expect(detail).toMatch(/。$/);
      expect(advice).toMatch(/。$/);
      expect(detail).not.toContain(projectRoot);
    }
    // GPU のまねをするソフトウェアは、使える GPU とは言わない
    for (const one of found.filter(({ software }) => software)) {
      expect(one).toMatchObject({ device: 'gpu', usable: false });
      expect(one.detail).toContain('ソフトウェアです。');
    }
  });

  it('このプロセスの中でも調べられ、使えなくても例外にならない', async () => {
    expect(await inspectHere('cpu')).toMatchObject({ usable: true, software: false });
    expect(await inspectHere('tensorflow-gpu')).toMatchObject({ device: 'gpu' });
  });

  it('Ctrl-C で止められる', async () => {
    await expect(inspectEngines({ signal: AbortSignal.abort() })).rejects.toThrow(InterruptedError);
  });
});
