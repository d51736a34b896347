import { createRandom, normal, shuffledIndices } from './random.ts';
import type { DatasetSplits, ImageDataset, Random } from './types.ts';

const imageSize = 32; // 幅と高さ。CIFAR-10 と同じなので、ネットワークをそのまま使えます。
const channels = 3;
const smallestRadius = 7; // 図形の半径(画素)。これより小さいと、人にも見分けられません。
const largestRadius = 12;
const largestShift = 6; // 図形の中心が、画像の中心から縦横にずれる幅(画素)。
const largestTurn = 0.7; // 図形の傾き(ラジアン)。正負どちらにも、40 度まで傾きます。
const smallestContrast = 50; // 図形が背景より明るい量(0〜255)。
const smallestNoise = 8; // 画素に足す雑音の標準偏差(0〜255)。
const largestNoise = 40;

/** 点 (x, y) から図形のふちまでの距離。中は負、外は正。図形は半径 1 の円に収まる大きさです。y は下向きです。 */
type DistanceTo = (x: number, y: number) => number;

/**
 * 頂点を順に結んだ多角形。距離の式は Inigo Quilez "2D distance functions" によります。
 *
 * @param vertices - 頂点の座標 [x0, y0, x1, y1, …]
 */
function polygon(vertices: readonly number[]): DistanceTo {
  const corners = Float64Array.from(vertices);
  return (x, y) => {
    let nearest = Infinity; // いちばん近い辺までの距離の 2 乗
    let inside = false;
    let fromX = corners[corners.length - 2]!;
    let fromY = corners[corners.length - 1]!;
    for (let i = 0; i < corners.length; i += 2) {
      const toX = corners[i]!;
      const toY = corners[i + 1]!;
      const edgeX = fromX - toX;
      const edgeY = fromY - toY;
      const pointX = x - toX;
      const pointY = y - toY;
      const along = (pointX * edgeX + pointY * edgeY) / (edgeX * edgeX + edgeY * edgeY);
      const clamped = along < 0 ? 0 : along > 1 ? 1 : along;
      const awayX = pointX - edgeX * clamped;
      const awayY = pointY - edgeY * clamped;
      nearest = Math.min(nearest, awayX * awayX + awayY * awayY);
      // 点から右へ伸ばした半直線が辺と奇数回交われば、点は中にあります。
      if (toY > y !== fromY > y && pointX < (edgeX * pointY) / edgeY) inside = !inside;
      fromX = toX;
      fromY = toY;
    }
    return inside ? -Math.sqrt(nearest) : Math.sqrt(nearest);
  };
}

/** 中心のまわりに頂点を並べた多角形。半径を交互に変えると星形になります。 */
function polygonAround(count: number, radii: readonly number[]): DistanceTo {
  const vertices: number[] = [];
  for (let i = 0; i < count; i++) {
    const angle = (2 * Math.PI * i) / count - Math.PI / 2;
    const radius = radii[i % radii.length]!;
    vertices.push(radius * Math.cos(angle), radius * Math.sin(angle));
  }
  return polygon(vertices);
}

function circle(x: number, y: number): number {
  return Math.hypot(x, y) - 1;
}

function ring(x: number, y: number): number {
  return Math.abs(Math.hypot(x, y) - 0.75) - 0.25;
}

function semicircle(x: number, y: number): number {
  return Math.max(Math.hypot(x, y + 0.42) - 1, -(y + 0.42)); // 円と半平面の重なり
}

function crescent(x: number, y: number): number {
  return Math.max(circle(x, y), 0.85 - Math.hypot(x - 0.5, y)); // 円から、ずらした円を除いた形
}

/** ハート形。距離の式は Inigo Quilez "2D distance functions" の sdHeart によります。 */
function heart(x: number, y: number): number {
  const scale = 0.58; // 元の式の図形は、高さ 0〜1.1 にあるので、中心と大きさを合わせます。
  const right = Math.abs(x) * scale;
  const up = 0.55 - y * scale;
  if (right + up > 1) return (Math.hypot(right - 0.25, up - 0.75) - Math.SQRT2 / 4) / scale;
  const along = Math.max(right + up, 0) / 2;
  const distance = Math.min(Math.hypot(right, up - 1), Math.hypot(right - along, up - along));
  return (Math.sign(right - up) * distance) / scale;
}

const shapes: readonly { readonly name: string; readonly distance: DistanceTo }[] = [
  { name: '円', distance: circle },
  { name: '輪', distance: ring },
  { name: '半円', distance: semicircle },
  { name: '三日月', distance: crescent },
  { name: '三角形', distance: polygonAround(3, [1]) },
  { name: '正方形', distance: polygonAround(4, [1]) },
  { name: '星', distance: polygonAround(10, [1, 0.42]) },
  {
    name: '十字',
    distance: polygon([
      ...[0.32, -0.95, 0.32, -0.32, 0.95, -0.32, 0.95, 0.32, 0.32, 0.32, 0.32, 0.95],
      ...[-0.32, 0.95, -0.32, 0.32, -0.95, 0.32, -0.95, -0.32, -0.32, -0.32, -0.32, -0.95],
    ]),
  },
  { name: 'ハート', distance: heart },
  {
    name: '矢印',
    distance: polygon([0, -1, 0.75, -0.1, 0.28, -0.1, 0.28, 1, -0.28, 1, -0.28, -0.1, -0.75, -0.1]),
  },
];

/** `createShapes10` の指定。 */
export interface Shapes10Options {
  /** 乱数の種。同じ種からは同じ画像ができます。 */
  readonly seed?: number;
  /** 学習用の枚数 */
  readonly trainSize?: number;
  /** テスト用の枚数 */
  readonly testSize?: number;
}

/**
 * 10 種類の図形の画像を、その場で描いて作ります。ファイルも通信も要りません。
 *
 * 色、位置、大きさ、傾き、雑音は図形と無関係に選びます。色や明るさを見るだけでは当てられず、
 * 形を見分けなければならないので、全結合と畳み込みの違いが正解率に表れます。
 * 3072-128-64-10 の全結合(シグモイド)と、6 枚と 16 枚の 5×5 の畳み込みを PyTorch で学習させると(Adam 0.001、
 * ミニバッチ 32、種を変えて各 5 回)、テストの正解率は 5 エポックで 32〜40% と 76〜80%、10 エポックで 44〜47% と 87〜92% でした。
 * 枚数はどのクラスも同じ(10 で割り切れないときは 1 枚違い)です。
 *
 * @param options - 種と枚数。
 * @returns 学習用(既定 5,000 枚)とテスト用(既定 1,000 枚)。画像は [N, 32, 32, 3]、0〜255。
 * @throws UserError 種が 0 以上の整数でないとき。
 */
export function createShapes10({
  seed = 0,
  trainSize = 5000,
  testSize = 1000,
}: Shapes10Options = {}): DatasetSplits {
  return {
    trainSet: drawDataset(trainSize, createRandom(seed, 1)),
    testSet: drawDataset(testSize, createRandom(seed, 2)),
  };
}

function drawDataset(size: number, random: Random): ImageDataset {
  const labels = shuffledIndices(size, random).map((index) => index % shapes.length);
  const bytesPerImage = imageSize * imageSize * channels;
  const images = new Uint8Array(size * bytesPerImage);
  const noiseTable = Float32Array.from({ length: 4096 }, () => normal(random));
  labels.forEach((label, i) => {
    const pixels = images.subarray(i * bytesPerImage, (i + 1) * bytesPerImage);
    drawImage(pixels, shapes[label]!.distance, noiseTable, random);
  });
  return {
    name: 'shapes10',
    classNames: shapes.map((shape) => shape.name),
    images,
    labels: Uint8Array.from(labels),
    size,
    imageShape: [imageSize, imageSize, channels],
  };
}

/** 画像 1 枚を描きます。画素ごとに、図形に覆われる割合で背景と図形の色を混ぜ、雑音を足します。 */
function drawImage(
  pixels: Uint8Array,
  distance: DistanceTo,
  noiseTable: Float32Array,
  random: Random,
): void {
  const between = (low: number, high: number): number => low + (high - low) * random();
  const radius = between(smallestRadius, largestRadius);
  const shift = Math.min(largestShift, imageSize / 2 - radius); // 大きな図形も、はみ出さない範囲
  const centerX = imageSize / 2 + between(-shift, shift);
  const centerY = imageSize / 2 + between(-shift, shift);
  const turn = between(-largestTurn, largestTurn);
  const noise = between(smallestNoise, largestNoise);
  const [shapeColor, background] = contrastingColors(random);

  const cos = Math.cos(turn) / radius; // 画素の座標を、図形の座標(半径 1)へ戻すための回転と縮小
  const sin = Math.sin(turn) / radius;
  let at = 0;
  for (let row = 0; row < imageSize; row++) {
    for (let column = 0; column < imageSize; column++) {
      const x = column + 0.5 - centerX; // 画素の中心
      const y = row + 0.5 - centerY;
      const pixelsFromEdge = distance(x * cos + y * sin, y * cos - x * sin) * radius;
      // ふちから半画素の範囲で色をなめらかに変えると、ぎざぎざになりません(アンチエイリアス)。
      const coverage = Math.min(Math.max(0.5 - pixelsFromEdge, 0), 1);
      for (let channel = 0; channel < channels; channel++) {
        const plain =
          background[channel]! + (shapeColor[channel]! - background[channel]!) * coverage;
        // 正規乱数は計算が重いので、作りおきした表から無作為に取り出します。
        const grain = noise * noiseTable[(random() * noiseTable.length) | 0]!;
        pixels[at++] = Math.min(Math.max(plain + grain + 0.5, 0), 255);
      }
    }
  }
}

type Rgb = readonly [r: number, g: number, b: number];

/**
 * 図形の色と、それより十分に暗い背景の色を選びます。
 * 明暗の向きもばらばらにすると、全結合のネットワークは 10% しか当てられず、学習の様子を見られません。
 */
function contrastingColors(random: Random): [shapeColor: Rgb, background: Rgb] {
  for (;;) {
    const shapeColor = randomColor(random);
    const background = randomColor(random);
    if (luminance(shapeColor) - luminance(background) >= smallestContrast) {
      return [shapeColor, background];
    }
  }
}

function randomColor(random: Random): Rgb {
  return [255 * random(), 255 * random(), 255 * random()];
}

function luminance([r, g, b]: Rgb): number {
  return 0.299 * r + 0.587 * g + 0.114 * b; // 人の目が感じる明るさ(ITU-R BT.601)
}
