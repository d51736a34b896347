import { describe, expect, it } from 'vitest';
import { descendants, parseXml } from '../xmlForTests.ts';
import { drawSlidingFilter } from './slidingFilter.ts';

describe('フィルターが滑る図', () => {
  const svg = parseXml(drawSlidingFilter());
  const groups = descendants(svg, 'g');
  const steps = groups.filter((one) => one.attributes.has('data-step'));
  const style = descendants(svg, 'style')[0]!.text;

  it('出力の 16 マスのそれぞれに、計算の途中を見せる場面がある', () => {
    expect(steps).toHaveLength(16);
    expect(groups.filter((one) => one.attributes.has('data-done'))).toHaveLength(16);
    for (const step of steps) {
      const total = descendants(step, 'text').find((one) => / = −?\d+$/.test(one.text));
      expect(total).toBeDefined();
    }
  });

  it('場面ごとの式を計算すると、書いてある答えになる', () => {
    for (const step of steps) {
      const equations = descendants(step, 'text').filter((one) => one.text.includes(' = '));
      expect(equations).toHaveLength(4);
      for (const { text } of equations) {
        const [sum, answer] = text.replaceAll('−', '-').replace(/[()]/g, '').split(' = ');
        const value = sum!
          .split(' + ')
          .map((term) => term.split('×').map(Number))
          .reduce((total, factors) => total + factors.reduce((a, b) => a * b), 0);
        expect(value, text).toBe(Number(answer));
      }
    }
  });

  it('動かない環境では、1 つの場面と、埋まった出力が見える', () => {
    expect(steps.filter((one) => one.attributes.get('opacity') !== '0')).toHaveLength(1);
  });

  it('動きを減らす設定の環境では動かない', () => {
    const [before, after] = style.split('@media (prefers-reduced-motion:no-preference)');
    expect(before).not.toContain('animation');
    expect(after).toContain('animation:step15');
  });
});
