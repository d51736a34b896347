import { describe, expect, it } from 'vitest';
import { describeFindings, type Findings } from './checkUp.ts';

const ready: Findings = {
  runtime: 'Node.js 20.19.0',
  memoryBytes: 8e9,
  engines: [
    { engine: 'wasm', device: 'cpu', usable: true, software: false, detail: 'TF.js 4.22.0' },
    { engine: 'webgpu', device: 'gpu', usable: true, software: false, detail: 'GPU: 例の GPU' },
  ],
  data: { ready: true, detail: 'datasets/cache にあります。' },
};

const texts = (findings: Findings): string[] =>
  describeFindings(findings).map(({ ready: ok, text, advice }) =>
    [ok ? '✔' : '・', text, advice ?? ''].join('|'),
  );

describe('準備の項目', () => {
  it('すべてそろっていれば、方法は言わない', () => {
    expect(texts(ready)).toEqual([
      '✔|Node.js 20.19.0(20.19 以上が必要)|',
      '✔|メモリー 8.00 GB(2.00 GB 以上が目安)|',
      '✔|CPU の wasm: 学習できました(TF.js 4.22.0)。|',
      '✔|GPU の webgpu: 学習できました(GPU: 例の GPU)。|',
      '✔|GPU: あります。--device gpu で使えます。|',
      '✔|データ(CIFAR-10): datasets/cache にあります。|',
    ]);
  });

  it.each([
    ['Node.js 20.18.3', '・'],
    ['Node.js 18.20.0', '・'],
    ['Node.js 22.1.0', '✔'],
    ['Node.js 24.0.0', '✔'],
  ])('%s は %s になる', (runtime, mark) => {
    expect(texts({ ...ready, runtime })[0]!.slice(0, 1)).toBe(mark);
  });

  it('メモリーが少なければ、足りなくなったときの方法を言う', () => {
    expect(texts({ ...ready, memoryBytes: 1e9 })[1]).toMatch(/^・.*--dataset shapes10/);
  });

  it('ソフトウェアのまねは、GPU とは言わない', () => {
    const imitation = {
      ...ready.engines[1]!,
      usable: false,
      software: true,
      detail: 'まねをするソフトウェアです。',
      advice: '方法。',
    };
    const lines = texts({ ...ready, engines: [ready.engines[0]!, imitation] });
    expect(lines[3]).toBe('・|GPU の webgpu: まねをするソフトウェアです。|方法。');
    expect(lines[4]).toBe(
      '・|GPU: ソフトウェアのまねがあるだけです。|なくても、すべての章を CPU で動かせます。',
    );
  });

  it('GPU の仕組みが途中で止まっても、その項目だけが「ない」になる', () => {
    const crashed = {
      ...ready.engines[1]!,
      usable: false,
      detail: '小さな学習が途中で止まりました(SIGSEGV)。',
    };
    const lines = texts({ ...ready, engines: [ready.engines[0]!, crashed] });
    expect(lines[3]).toContain('途中で止まりました(SIGSEGV)');
    expect(lines[4]).toContain('GPU: 見つかりませんでした。');
  });
});
