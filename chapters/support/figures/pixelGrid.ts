import { pictureAt, type Picture } from './picture.ts';
import { element, label, svgDocument } from './svg.ts';
import { figureWidth } from './theme.ts';

/** {@link pixelGrid} の設定。 */
export interface PixelGridOptions {
  /** 図の題。 */
  readonly title: string;
  /** 図を見られない人のための説明。省くと、拡大した場所と、その左上の画素から作ります。 */
  readonly description?: string;
}

const side = 8; //        拡大する画素の数(縦と横)
const cell = 56; //       拡大した 1 画素の大きさ
const edge = 16;
const pictureSize = 103; // 4 枚が横に並ぶ大きさ
const gap = 12;

/**
 * 1 枚の画像と、色ごとの 3 枚の面と、一部を拡大して画素ごとの 3 つの数(上から赤、緑、青)を書いた図です。
 *
 * 拡大するのは、明るさの変わり方がいちばん大きいところです。一面が同じ色のところでは、数を見ても何も分かりません。
 *
 * @param picture - 画像。縦横とも 8 画素以上。
 * @param options - 題など。
 * @returns SVG。CIFAR-10 の画像を含むものは、リポジトリに入れないでください。
 */
export function pixelGrid(picture: Picture, options: PixelGridOptions): string {
  const [h, w] = picture.size;
  const [top, left] = busiestWindow(picture);
  const unit = pictureSize / Math.max(h, w);
  const pictureTop = 56;
  const gridTop = pictureTop + pictureSize + 66;
  const parts: string[] = [label(edge, 34, options.title, { size: 18, bold: true })];

  const planes = [picture, ...[0, 1, 2].map((channel) => planeOf(picture, channel))];
  planes.forEach((plane, i) => {
    const x = edge + i * (pictureSize + gap);
    parts.push(
      pictureAt(plane, { x, y: pictureTop, width: w * unit, height: h * unit }),
      element('rect', {
        x: x + left * unit,
        y: pictureTop + top * unit,
        width: side * unit,
        height: side * unit,
        class: 'stroke-bad',
        'stroke-width': 2,
      }),
      label(x + pictureSize / 2, pictureTop + pictureSize + 19, planeNames[i]!, {
        anchor: 'middle',
        color: 'muted',
      }),
    );
  });
  parts.push(
    label(
      edge,
      gridTop - 14,
      `枠の中(${top + 1} 行目、${left + 1} 列目から)。上から赤、緑、青の値`,
    ),
  );
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const rgb = pixelAt(picture, top + y, left + x);
      parts.push(numberedCell(rgb, edge + x * cell, gridTop + y * cell));
    }
  }
  const [first] = [pixelAt(picture, top, left)];
  return svgDocument({
    width: figureWidth,
    height: gridTop + side * cell + 18,
    title: options.title,
    description:
      options.description ??
      `${h}×${w} 画素の画像と、赤、緑、青の面。${top + 1} 行目の ${left + 1} 列目から ${side}×${side} 画素を拡大し、` +
        `画素ごとに 3 つの数を書いた。左上の画素は、赤 ${first[0]}、緑 ${first[1]}、青 ${first[2]}。`,
    body: parts.join('\n'),
  });
}

const planeNames = ['画像', '赤の面', '緑の面', '青の面'];

type Rgb = readonly [red: number, green: number, blue: number];

function pixelAt({ pixels, size: [, w] }: Picture, y: number, x: number): Rgb {
  const at = (y * w + x) * 3;
  return [pixels[at]!, pixels[at + 1]!, pixels[at + 2]!];
}

/** 1 色だけを取り出した、白黒の画像。値が大きいほど明るくなります。 */
function planeOf({ pixels, size }: Picture, channel: number): Picture {
  const values = Array.from(pixels, (_, i) => pixels[i - (i % 3) + channel]!);
  return { pixels: values, size };
}

/** 画素の色で塗った升と、その上の 3 つの数。 */
function numberedCell(rgb: Rgb, x: number, y: number): string {
  const hex = rgb.map((value) => value.toString(16).padStart(2, '0')).join('');
  // 画素の色は、画面の明暗によらないので、文字の色もここで決めます(白と黒の差が同じになる明るさは 0.18)
  const text = luminance(rgb) > 0.18 ? '#000000' : '#ffffff';
  const numbers = rgb.map((value, i) =>
    element(
      'text',
      { x: x + cell / 2, y: y + 19 + i * 16, fill: text, 'font-size': 14, 'text-anchor': 'middle' },
      String(value),
    ),
  );
  return (
    element('rect', { x, y, width: cell, height: cell, fill: `#${hex}`, class: 'stroke-border' }) +
    numbers.join('')
  );
}

/** WCAG の相対輝度(0〜1)。 */
function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((value) => (value / 255) ** 2.2) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** 明るさのばらつきがいちばん大きい窓の、左上の位置。 */
function busiestWindow(picture: Picture): [top: number, left: number] {
  const [h, w] = picture.size;
  let best: [number, number] = [0, 0];
  let largest = -1;
  for (let top = 0; top + side <= h; top++) {
    for (let left = 0; left + side <= w; left++) {
      let sum = 0;
      let squares = 0;
      for (let y = top; y < top + side; y++) {
        for (let x = left; x < left + side; x++) {
          const [r, g, b] = pixelAt(picture, y, x);
          const brightness = r + g + b;
          sum += brightness;
          squares += brightness * brightness;
        }
      }
      const variance = squares / side ** 2 - (sum / side ** 2) ** 2;
      if (variance <= largest) continue;
      largest = variance;
      best = [top, left];
    }
  }
  return best;
}
