import { describe, expect, it } from 'vitest';
import { blankCode, fillMarkers, findMarkers } from './markers.ts';

describe('目印を探す', () => {
  it('種類、語、行、中身の位置が分かります', () => {
    const text = '前\n\n<!-- code data network.ts -->\n古い\n<!-- /code -->\n';
    const { markers, faults } = findMarkers(text);
    expect(faults).toEqual([]);
    expect(markers).toHaveLength(1);
    const marker = markers[0]!;
    expect(marker).toMatchObject({ kind: 'code', args: ['data', 'network.ts'], line: 3 });
    expect(text.slice(marker.bodyStart, marker.bodyEnd)).toBe('\n古い\n');
  });

  it('文の中の数も、表の中の数も見つかります', () => {
    const text =
      '値は <!-- value a int -->1<!-- /value --> です。\n\n| <!-- value b int --><!-- /value --> |\n';
    expect(findMarkers(text).markers.map(({ args }) => args[0])).toEqual(['a', 'b']);
  });

  it('コードブロックと `…` の中の例は、目印と見なしません', () => {
    const text = '```md\n<!-- code data -->\n```\n\n`<!-- value a int -->` と書きます。\n';
    expect(findMarkers(text)).toEqual({ markers: [], faults: [] });
  });

  it('埋めたコードの中に目印のような文字があっても、終わりを取り違えません', () => {
    const text = '<!-- code a -->\n\n```ts\n// <!-- value x int -->\n```\n\n<!-- /code -->\n';
    const { markers, faults } = findMarkers(text);
    expect(faults).toEqual([]);
    expect(markers).toHaveLength(1);
  });

  it.each([
    ['終わりがない', '<!-- code a -->\n\n文\n', 1, '終わりの'],
    [
      '次の目印までに終わりがない',
      'x <!-- value a int --> y <!-- value b int -->1<!-- /value -->',
      1,
      '終わりの',
    ],
    ['はじまりがない', '文\n<!-- /figure -->\n', 2, 'はじまりが'],
    ['数が行のはじめにある', '文は\n<!-- value a int -->1<!-- /value --> です。', 2, '行のはじめ'],
    ['数が箇条書きのはじめにある', '- <!-- value a int -->1<!-- /value --> 枚', 1, '行のはじめ'],
    ['コードが文の中にある', '文 <!-- code a --><!-- /code -->', 1, 'その行に一つだけ'],
  ])('%s間違いを、行とともに知らせます', (_, text, line, message) => {
    const { faults } = findMarkers(text);
    expect(faults[0]).toMatchObject({ line });
    expect(faults[0]!.message).toContain(message);
  });

  it('中身を置きかえても、ほかの文字は変わりません', () => {
    const text =
      'a <!-- value x int -->1<!-- /value --> b <!-- value y int -->2<!-- /value --> c\n';
    const { markers } = findMarkers(text);
    expect(fillMarkers(text, [[markers[1]!, '20']])).toBe(text.replace('>2<', '>20<'));
  });
});

describe('コードを空白にする', () => {
  it('行の数も文字の位置も変わりません', () => {
    const text = '文 `code` 文\n\n```ts\nconst a = 1;\n```\n文\n\n~~~\n閉じない\n';
    const blanked = blankCode(text);
    expect(blanked).toHaveLength(text.length);
    expect(blanked.split('\n')).toHaveLength(text.split('\n').length);
    expect(blanked).not.toMatch(/code|const|閉じない/);
    expect(blanked.match(/文/g)).toHaveLength(3);
  });
});
