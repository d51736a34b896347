import { describe, expect, it } from 'vitest';
import { findRegions } from './regions.ts';

describe('プログラムの区間', () => {
  it('字下げと前後の空行を除いたコードと、行番号が得られます', () => {
    const source = [
      '  // #region loop',
      '',
      '  for (;;) {',
      '    step();',
      '  }',
      '  // #endregion',
    ];
    const { regions, faults } = findRegions(source.join('\n'));
    expect(faults).toEqual([]);
    expect(regions.get('loop')).toEqual({
      name: 'loop',
      firstLine: 3,
      lastLine: 5,
      code: 'for (;;) {\n  step();\n}',
    });
  });

  it('Windows の改行でも同じコードになります', () => {
    const { regions } = findRegions('// #region a\r\nf();\r\ng();\r\n// #endregion\r\n');
    expect(regions.get('a')?.code).toBe('f();\ng();');
  });

  it.each([
    ['入れ子', '// #region a\n// #region b\n// #endregion', 2],
    ['同じ名前', '// #region a\n// #endregion\n// #region a\n// #endregion', 3],
    ['閉じ忘れ', '\n// #region a\n', 2],
    ['余分な終わり', 'f();\n// #endregion', 2],
    ['名前のない区間', '// #region\n// #endregion', 1],
  ])('%sは、行とともに知らせます', (_, source, line) => {
    expect(findRegions(source).faults[0]?.line).toBe(line);
  });
});
