import { describe, expect, it } from 'vitest';
import { chapterRunner } from '../chapterForTests.ts';
import { apart, findAdapter, needGpu, switchDevices, type SwitchResult } from './gpuForTests.ts';

const adapter = await findAdapter();
const chapter = new URL('../../01-fully-connected/main.ts', import.meta.url);
const toGpu = ['--device', 'gpu', '--dataset', 'shapes10'];

describe('GPU の選択', () => {
  // ほかの OS では、WebGPU が Vulkan を使いません
  it.runIf(process.platform === 'linux')(
    'GPU がないのに --device gpu を選ぶと、わけと、次にすることを言って止まる',
    async () => {
      const nowhere = { VK_DRIVER_FILES: '/nowhere.json', VK_ICD_FILENAMES: '/nowhere.json' };
      const { code, stderr } = await chapterRunner(chapter, nowhere)(toGpu);
      expect(code).toBe(1);
      expect(stderr).toContain('GPU を使えません。');
      expect(stderr).toMatch(/webgpu: (WebGPU で使える GPU が見つかりません|webgpu が入って)/);
      expect(stderr).toContain('--device cpu なら、GPU がなくても学習できます。');
      expect(stderr).not.toContain('    at ');
    },
  );

  it('GPU のまねをするソフトウェアしかなければ、その名前を言って断る', async (context) => {
    needGpu(context, adapter);
    context.skip(adapter?.software === false, '本物の GPU がある機械では試せません');
    const { code, stderr } = await chapterRunner(chapter)(toGpu);
    expect(code).toBe(1);
    expect(stderr).toContain(
      `見つかった ${adapter!.name} は、CPU で GPU のまねをするソフトウェアです。`,
    );
  });

  it('1つのプログラムで CPU と GPU を何度切り替えても、同じ損失で学習でき、大きすぎるバッチは断る', async (context) => {
    needGpu(context, adapter);
    const { turns, tooBig } = (await apart(switchDevices.name)) as SwitchResult;
    expect(turns.map(({ engine }) => engine)).toEqual([
      expect.not.stringMatching('webgpu'),
      expect.stringMatching(/webgpu|tensorflow-gpu/),
      turns[0]!.engine,
      turns[1]!.engine,
    ]);
    for (const { losses } of turns) {
      losses.forEach((loss, i) => {
        expect(loss).toBeCloseTo(turns[0]!.losses[i]!, 4);
      });
    }
    expect(new Set(turns.map(({ tensors }) => tensors))).toEqual(new Set([0]));
    expect(turns[1]!.software).toBe(adapter!.software);
    if (adapter!.software) expect(turns[1]!.note).toContain('ソフトウェアによる GPU のまね');

    // 大きすぎるバッチは、でたらめな損失を返さずに止まる
    if (turns[1]!.engine === 'webgpu') {
      expect(tooBig).toEqual({
        message: expect.stringContaining('バッチが大きすぎて、GPU で計算できません') as string,
        advice: 'バッチサイズ(--batch-size)を小さくしてください。',
      });
    }
  });
});

describe('GPU の計算がうまくいかないとき', () => {
  it('学習の途中で GPU が失われたら、発散とは言わず、わけと次にすることを言って止まる', async (context) => {
    needGpu(context, adapter);
    const run = chapterRunner(new URL('lostGpuForTests.ts', import.meta.url));
    const { code, stdout, stderr } = await run([]);
    expect(code).toBe(1);
    expect(stderr).toContain('✘ 計算の途中で GPU が使えなくなりました');
    expect(stderr).toContain('--device cpu');
    expect(stderr).not.toMatch(/発散|\n +at /);
    expect(stdout).not.toContain('終わりました');
  });
});
