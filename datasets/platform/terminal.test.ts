import { describe, expect, it } from 'vitest';
import { formatBytes, formatDuration, padDisplay } from './terminal.ts';

describe('端末での見せ方', () => {
  it('全角を2文字と数えて幅をそろえる', () => {
    expect(padDisplay('猫', 4)).toBe('猫  ');
    expect(padDisplay('猫', 4, 'right')).toBe('  猫');
    expect(padDisplay('トラック', 4)).toBe('トラック');
  });

  it.each([
    [0.42, '0.4 秒'],
    [9.96, '10 秒'],
    [42.4, '42 秒'],
    [59.7, '1 分 00 秒'],
    [185, '3 分 05 秒'],
    [7265, '2 時間 01 分'],
    [Infinity, '不明'],
  ])('%d 秒は「%s」', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  it.each([
    [999, '999 B'],
    [170_052_171, '170.1 MB'],
    [1_500_000_000, '1.50 GB'],
  ])('%d バイトは「%s」', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});
