/** 図で使う色の名前。明るい画面と暗い画面で、同じ名前が別の色になります。 */
export type ColorName =
  | 'surface'
  | 'panel'
  | 'border'
  | 'grid'
  | 'axis'
  | 'ink'
  | 'muted'
  | 'good'
  | 'bad'
  | 'onColor'
  | SeriesColor;

/** 系列に順に割り当てる色の名前。 */
export type SeriesColor = 'series1' | 'series2' | 'series3' | 'series4' | 'series5' | 'series6';

/** 画面の明るさ。 */
export type Scheme = 'light' | 'dark';

/**
 * 図の配色。
 *
 * 系列の 6 色は、1 型・2 型・3 型の色覚のシミュレーション(Machado ほか 2009)でも互いの色差が 14 以上になり、
 * 背景とのコントラストが 3 以上になるように選びました(theme.test.ts で測ります)。
 */
export const palette: Record<Scheme, Record<ColorName, string>> = {
  light: {
    surface: '#ffffff',
    panel: '#f3f5f8',
    border: '#d5dae1',
    grid: '#e3e7ec',
    axis: '#8793a2',
    ink: '#17202b',
    muted: '#505d6d',
    good: '#1b6ad0',
    bad: '#ad3510',
    onColor: '#ffffff',
    series1: '#1b6ad0',
    series2: '#ad3510',
    series3: '#0b9b78',
    series4: '#6d2a80',
    series5: '#aa8c0a',
    series6: '#2c343d',
  },
  dark: {
    surface: '#161b22',
    panel: '#202731',
    border: '#38424f',
    grid: '#2b333e',
    axis: '#7f8b9a',
    ink: '#edf1f5',
    muted: '#a9b5c2',
    good: '#8cc2ff',
    bad: '#f0713a',
    onColor: '#0f141a',
    series1: '#8cc2ff',
    series2: '#f0713a',
    series3: '#3fd9ad',
    series4: '#c65ad0',
    series5: '#f4e68c',
    series6: '#9b948e',
  },
};

/** 系列の色を割り当てる順。 */
export const seriesColors: readonly SeriesColor[] = [
  'series1',
  'series2',
  'series3',
  'series4',
  'series5',
  'series6',
];

/** 図の文字の書体。読む人の環境にある書体を使い、どこにも取りに行きません。 */
export const fontFamily = 'system-ui, "Noto Sans JP", sans-serif';

/**
 * 図の標準の幅(viewBox の単位)。
 *
 * 文字を 14 以上で書くと、320 px に縮めた画面でも 9 px を下回りません。
 */
export const figureWidth = 480;

/**
 * その色で塗るクラス名。色を直接書かないのは、明暗で切り替えるためです。
 *
 * @param color - 色の名前。
 * @returns `fill-ink` など。
 */
export function fill(color: ColorName): string {
  return `fill-${color}`;
}

/**
 * その色で線を引くクラス名。
 *
 * @param color - 色の名前。
 * @returns `stroke-ink` など。
 */
export function stroke(color: ColorName): string {
  return `stroke-${color}`;
}

/**
 * 図の中で使われているクラスだけの様式シートを作ります。
 *
 * CSS 変数を使わないのは、変数を解さない描画ソフト(librsvg など)でも色が出るようにするためです。
 *
 * @param body - クラスを含む SVG の断片。
 * @returns `<style>` の中身。
 */
export function styleSheet(body: string): string {
  const used = new Set(
    [...body.matchAll(/class="([^"]*)"/g)].flatMap((match) => match[1]!.split(' ')),
  );
  const rulesOf = (scheme: Scheme): string => {
    const rules: string[] = [];
    for (const [name, value] of Object.entries(palette[scheme])) {
      if (used.has(`fill-${name}`)) rules.push(`.fill-${name}{fill:${value}}`);
      if (used.has(`stroke-${name}`)) rules.push(`.stroke-${name}{stroke:${value}}`);
      // 濃さの違う面の上の文字は、明暗ごとに読みやすいほうを選びます(heat.ts)
      if (used.has(`${scheme}-text-${name}`)) rules.push(`.${scheme}-text-${name}{fill:${value}}`);
    }
    return rules.join('');
  };
  const pixelated = used.has('pixelated') ? '.pixelated{image-rendering:pixelated}' : '';
  return `${rulesOf('light')}${pixelated}@media (prefers-color-scheme:dark){${rulesOf('dark')}}`;
}
