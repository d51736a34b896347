import { palette, type ColorName, type Scheme } from './theme.ts';

/**
 * WCAG のコントラスト比(1〜21)。文字は 4.5 以上、線や面は 3 以上が目安です。
 *
 * @param a - 色(`#rrggbb`)。
 * @param b - 色(`#rrggbb`)。
 * @returns 明るいほうを暗いほうで割った比。
 */
export function contrastRatio(a: string, b: string): number {
  return contrast(channels(a), channels(b));
}

/**
 * 色を薄く塗った面の上で、明暗それぞれの画面で読みやすい文字色のクラス。
 *
 * @param color - 面の色。
 * @param opacity - 面の濃さ(0〜1)。
 * @returns `fill-ink` など、`class` 属性に入れる文字列。
 */
export function textClassOn(color: ColorName, opacity: number): string {
  const chosen = (['light', 'dark'] as const).map((scheme) => textColorOn(scheme, color, opacity));
  return chosen[0] === chosen[1]
    ? `fill-${chosen[0]!}`
    : `light-text-${chosen[0]!} dark-text-${chosen[1]!}`;
}

/**
 * 色を薄く塗った面の上で読みやすい文字の色。
 *
 * @param scheme - 画面の明るさ。
 * @param color - 面の色。
 * @param opacity - 面の濃さ(0〜1)。
 * @returns ふつうの文字色か、濃い面のための文字色。
 */
function textColorOn(scheme: Scheme, color: ColorName, opacity: number): 'ink' | 'onColor' {
  const face = blend(scheme, color, opacity);
  const ratio = (name: ColorName): number => contrast(channels(palette[scheme][name]), face);
  return ratio('ink') >= ratio('onColor') ? 'ink' : 'onColor';
}

/**
 * 背景に色を薄く重ねた面と、その上の文字のコントラスト比。
 *
 * @param scheme - 画面の明るさ。
 * @param color - 面の色。
 * @param opacity - 面の濃さ(0〜1)。
 * @returns {@link textColorOn} が選んだ文字の、面に対する比。
 */
export function textContrastOn(scheme: Scheme, color: ColorName, opacity: number): number {
  const text = palette[scheme][textColorOn(scheme, color, opacity)];
  return contrast(channels(text), blend(scheme, color, opacity));
}

type Channels = readonly [red: number, green: number, blue: number]; // 0〜255

function channels(hex: string): Channels {
  const at = (start: number): number => Number.parseInt(hex.slice(start, start + 2), 16);
  return [at(1), at(3), at(5)];
}

function blend(scheme: Scheme, color: ColorName, opacity: number): Channels {
  const over = channels(palette[scheme][color]);
  const under = channels(palette[scheme].surface);
  const mix = (i: 0 | 1 | 2): number => over[i] * opacity + under[i] * (1 - opacity);
  return [mix(0), mix(1), mix(2)];
}

function contrast(a: Channels, b: Channels): number {
  const [low, high] = [luminance(a), luminance(b)].sort((p, q) => p - q) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

function luminance(color: Channels): number {
  const linear = (value: number): number => {
    const part = value / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(color[0]) + 0.7152 * linear(color[1]) + 0.0722 * linear(color[2]);
}
