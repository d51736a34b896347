import { line } from 'd3-shape';
import { fill, fontFamily, styleSheet, type ColorName } from './theme.ts';

/** SVG の属性。undefined は書き出しません。 */
export type Attributes = Record<string, string | number | undefined>;

/** 図の上の点 [x, y]。 */
export type Point = readonly [x: number, y: number];

/**
 * XML の特別な文字を置き換えます。XML に書けない制御文字は取り除きます。
 *
 * @param value - もとの文字列。
 * @returns 属性値や本文に置ける文字列。
 */
function escapeXml(value: string): string {
  return (
    value
      // eslint-disable-next-line no-control-regex -- XML 1.0 では書けない制御文字を落とすための範囲です
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
  );
}

/**
 * 座標を小数 2 桁までの文字にします。桁を決めるのは、どの機械で描いても同じ図になるようにするためです。
 *
 * @param value - 座標や長さ。
 * @returns 末尾の 0 のない数字。
 * @throws Error 有限でない数のとき。壊れた図を黙って作らないためです。
 */
export function formatCoordinate(value: number): string {
  if (!Number.isFinite(value)) throw new Error(`図の座標が有限の数ではありません: ${value}`);
  const rounded = Number(value.toFixed(2));
  return String(rounded === 0 ? 0 : rounded); // -0 を 0 にそろえます
}

/**
 * SVG の要素を 1 つ作ります。
 *
 * @param name - 要素の名前。
 * @param attributes - 属性。数は {@link formatCoordinate} で整えます。
 * @param children - 中身(すでに SVG になっているもの)。
 * @returns SVG の断片。
 * @throws Error 属性に有限でない数があるとき。
 */
export function element(name: string, attributes: Attributes, ...children: string[]): string {
  let text = `<${name}`;
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    text += ` ${key}="${typeof value === 'number' ? formatCoordinate(value) : escapeXml(value)}"`;
  }
  return children.length === 0 ? `${text}/>` : `${text}>${children.join('')}</${name}>`;
}

/** {@link label} の見た目。 */
export interface LabelStyle {
  /** 文字の大きさ。標準の幅の図では 14 以上にします。 */
  readonly size?: number;
  /** 文字の色。 */
  readonly color?: ColorName;
  /** 太くするか。 */
  readonly bold?: boolean;
  /** x をどこに合わせるか。 */
  readonly anchor?: 'start' | 'middle' | 'end';
  /** 数式の文字のように傾けるか。 */
  readonly italic?: boolean;
  /** 縦書きにするか(日本語のクラス名を狭い列に置くため)。 */
  readonly vertical?: boolean;
  /** 等幅にするか(コードの名前)。 */
  readonly code?: boolean;
  /** 線の上でも読めるように、背景の色で縁取るか。 */
  readonly halo?: boolean;
}

/**
 * 文字を置きます。y は文字の下端(ベースライン)です。
 *
 * @param x - 位置。
 * @param y - 位置。
 * @param content - 文字列。
 * @param style - 見た目。
 * @returns `<text>` 要素。
 */
export function label(x: number, y: number, content: string, style: LabelStyle = {}): string {
  return element(
    'text',
    {
      x,
      y,
      class: fill(style.color ?? 'ink') + (style.halo ? ' stroke-surface' : ''),
      'stroke-width': style.halo ? 4 : undefined,
      'stroke-linejoin': style.halo ? 'round' : undefined,
      'paint-order': style.halo ? 'stroke' : undefined,
      'font-size': style.size ?? 14,
      'font-weight': style.bold ? 700 : undefined,
      'font-style': style.italic ? 'italic' : undefined,
      'font-family': style.code ? 'ui-monospace, Menlo, Consolas, monospace' : undefined,
      'text-anchor': style.anchor === 'start' ? undefined : style.anchor,
      'writing-mode': style.vertical ? 'vertical-rl' : undefined,
    },
    escapeXml(content),
  );
}

const fullWidth =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60]/u;

/**
 * 文字列の幅の見積もり。描く環境の書体は分からないので、全角を 1、ほかを 0.6 文字分と数えます。
 *
 * @param content - 文字列。
 * @param size - 文字の大きさ。
 * @returns 幅(size と同じ単位)。
 */
export function textWidth(content: string, size: number): number {
  let units = 0;
  for (const character of content) units += fullWidth.test(character) ? 1 : 0.6;
  return units * size;
}

const draw = line<Point>()
  .defined(([x, y]) => Number.isFinite(x) && Number.isFinite(y))
  .digits(2);

/**
 * 点をつなぐ折れ線の `d` 属性。有限でない点では線を切ります。
 *
 * @param points - 点の並び。
 * @returns パス。つなぐ点がなければ空文字列。
 */
export function linePath(points: readonly Point[]): string {
  return draw(points) ?? '';
}

/** {@link arrow} の見た目。 */
export interface ArrowStyle {
  /** 線の色。 */
  readonly color?: ColorName;
  /** 線の太さ。 */
  readonly width?: number;
  /** 矢じりの長さ。 */
  readonly head?: number;
}

/**
 * まっすぐな矢印。矢じりを marker にしないのは、id が要らず、明暗の色も線と同じクラスで変わるためです。
 *
 * @param from - 始点。
 * @param to - 終点(矢じりの先)。
 * @param style - 見た目。
 * @returns SVG の断片。
 */
export function arrow(from: Point, to: Point, style: ArrowStyle = {}): string {
  const { color = 'axis', width = 2, head = 9 } = style;
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  const ux = (to[0] - from[0]) / length;
  const uy = (to[1] - from[1]) / length;
  const base: Point = [to[0] - ux * head, to[1] - uy * head];
  return (
    element('line', {
      x1: from[0],
      y1: from[1],
      x2: base[0],
      y2: base[1],
      class: `stroke-${color}`,
      'stroke-width': width,
    }) + arrowHead(to, [ux, uy], { color, head })
  );
}

/**
 * 矢じりだけを置きます(曲線の先に付けるため)。
 *
 * @param tip - 先端。
 * @param direction - 向き(長さ 1)。
 * @param style - 見た目。
 * @returns SVG の断片。
 */
export function arrowHead(tip: Point, direction: Point, style: ArrowStyle = {}): string {
  const { color = 'axis', head = 9 } = style;
  const [ux, uy] = direction;
  const baseX = tip[0] - ux * head;
  const baseY = tip[1] - uy * head;
  const half = head * 0.5;
  const corners: Point[] = [
    tip,
    [baseX - uy * half, baseY + ux * half],
    [baseX + uy * half, baseY - ux * half],
  ];
  return element('path', { d: `${linePath(corners)}Z`, class: fill(color) });
}

/** {@link svgDocument} の中身。 */
export interface SvgDocument {
  /** 幅(viewBox の単位)。 */
  readonly width: number;
  /** 高さ(viewBox の単位)。 */
  readonly height: number;
  /** 図の題。読み上げにも使われます。 */
  readonly title: string;
  /** 図を見られない人のための説明。 */
  readonly description: string;
  /** 中身の SVG。 */
  readonly body: string;
  /** 様式シートに加える規則(動く図のため)。 */
  readonly styles?: string;
}

/**
 * 1 枚の図にまとめます。
 *
 * 背景を透明にせず自分で塗るのは、置かれるページの明暗と OS の明暗が違っても文字が読めるようにするためです。
 *
 * @param document - 大きさ、題、説明、中身、加える規則。
 * @returns 1 つのファイルになる SVG。
 */
export function svgDocument(document: SvgDocument): string {
  const { width, height, title, description } = document;
  const background = element('rect', {
    x: 0.5,
    y: 0.5,
    width: width - 1,
    height: height - 1,
    rx: 10,
    class: 'fill-surface stroke-border',
  });
  const body = background + '\n' + document.body;
  // 同じページに図をいくつ並べても id がぶつからないように、中身から名前を作ります
  const id = hash(title + description + body);
  const open =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${formatCoordinate(width)} ${formatCoordinate(height)}"` +
    ` width="${Math.round(width * displayScale)}" height="${Math.round(height * displayScale)}"` +
    ` role="img" aria-labelledby="title-${id} desc-${id}" lang="ja" xml:lang="ja"` +
    ` font-family="${escapeXml(fontFamily)}" fill="none">`;
  return [
    open,
    `<title id="title-${id}">${escapeXml(title)}</title>`,
    `<desc id="desc-${id}">${escapeXml(description)}</desc>`,
    `<style>${styleSheet(body)}${document.styles ?? ''}</style>`,
    body,
    '</svg>\n',
  ].join('\n');
}

const displayScale = 1.4; // 幅 480 の図を、横幅に余裕があるページでは 672 px で見せます

/** 短い名前を作るためのハッシュ(FNV-1a、32 ビット)。 */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  }
  return (value >>> 0).toString(36);
}
