/** 読み取った要素。 */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlElement[];
  /** 直下の文字(参照を戻したもの)。 */
  text: string;
}

/**
 * テストのための小さな XML の読み取り器。形が正しくなければ失敗します。
 *
 * 図はブラウザーが XML として読むので、閉じ忘れや `&` の書き忘れが 1 つあれば何も表示されません。
 *
 * @param source - SVG。
 * @returns いちばん外の要素。
 * @throws Error 形が正しくないとき。
 */
export function parseXml(source: string): XmlElement {
  const root: XmlElement = { name: '', attributes: new Map(), children: [], text: '' };
  const open: XmlElement[] = [root];
  const token = /<(\/?)([A-Za-z][\w:-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/y;
  while (token.lastIndex < source.length) {
    const at = token.lastIndex;
    const match = token.exec(source);
    if (!match) throw new Error(`${at} 文字目が XML ではありません: ${source.slice(at, at + 60)}`);
    const [, closing, name = '', attributes = '', empty, text] = match;
    const current = open.at(-1);
    if (text !== undefined) {
      current.text += unescapeXml(text);
    } else if (closing === '/') {
      if (current.name !== name) throw new Error(`<${current.name}> が </${name}> で閉じています`);
      open.pop();
    } else {
      const element: XmlElement = {
        name,
        attributes: parseAttributes(attributes),
        children: [],
        text: '',
      };
      current.children.push(element);
      if (empty !== '/') open.push(element);
    }
  }
  if (open.length !== 1) throw new Error(`<${open.at(-1).name}> が閉じていません`);
  if (root.children.length !== 1) throw new Error('いちばん外の要素が 1 つではありません');
  return root.children[0]!;
}

/**
 * その要素と、中のすべての要素。
 *
 * @param element - 要素。
 * @param name - 名前で選ぶとき。
 * @returns 文書に現れる順の要素。
 */
export function descendants(element: XmlElement, name?: string): XmlElement[] {
  const all = [element, ...element.children.flatMap((child) => descendants(child))];
  return name === undefined ? all : all.filter((one) => one.name === name);
}

function parseAttributes(source: string): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const [, key, value] of source.matchAll(/([\w:-]+)="([^"]*)"/g)) {
    if (attributes.has(key!)) throw new Error(`属性 ${key!} が 2 回あります`);
    attributes.set(key!, unescapeXml(value!));
  }
  return attributes;
}

function unescapeXml(text: string): string {
  const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"' };
  return text.replace(/&(?:(\w+);)?/g, (whole, name: string | undefined) => {
    const character = name === undefined ? undefined : entities[name];
    if (character === undefined) throw new Error(`& が正しく書かれていません: ${whole}`);
    return character;
  });
}
