import { describe, it } from 'vitest';
import { checkCall, fc, forAll } from '#grading';
import { receptiveFields } from './09-receptive-field.ts';

type Fields = ReturnType<typeof receptiveFields>;
type Layers = Parameters<typeof receptiveFields>[0];

// 採点のための数え方です。出力のマスから入力へ、影響する番号の端をさかのぼります
function firstPixel(layers: Layers, cell: number): number {
  return layers.reduceRight((index, { stride }) => index * stride, cell);
}

function lastPixel(layers: Layers, cell: number): number {
  return layers.reduceRight((index, { kernel, stride }) => index * stride + kernel - 1, cell);
}

function trace(layers: Layers): Fields {
  return layers.map((_, i) => {
    const used = layers.slice(0, i + 1);
    return {
      size: lastPixel(used, 0) - firstPixel(used, 0) + 1,
      spacing: firstPixel(used, 1) - firstPixel(used, 0),
    };
  });
}

// ありそうな間違いの値を作ります
function accumulate(
  layers: Layers,
  step: (field: Fields[number], layer: Layers[number]) => Fields[number],
  start = { size: 1, spacing: 1 },
): Fields {
  let field: Fields[number] = start;
  return layers.map((layer) => (field = step(field, layer)));
}

function check(layers: Layers, expected: Fields = trace(layers)): void {
  const grow = (
    { size, spacing }: Fields[number],
    { kernel, stride }: Layers[number],
  ): Fields[number] => ({ size: size + (kernel - 1) * spacing, spacing: spacing * stride });
  checkCall({
    fn: receptiveFields,
    args: [layers],
    expected,
    causes: [
      [
        '層ごとに結果を並べてください。結果の数は、層の数と同じです。',
        (got) => got.length !== layers.length,
      ],
      [
        '元の画像の 1 マスは、1 画素を見ています。受容野の 1 辺は、1 画素から始めます。',
        accumulate(layers, grow, { size: 0, spacing: 1 }),
      ],
      [
        '窓の 1 辺に、前の層の間隔を掛けていないようです。前の層の隣同士のマスは、元の画像では spacing 画素だけ離れています。',
        accumulate(layers, (field, layer) => ({
          ...grow(field, layer),
          size: field.size + layer.kernel - 1,
        })),
      ],
      [
        '先に間隔を広げてから、受容野を計算しているようです。窓の幅は、その層を通る前の間隔で測ります。',
        accumulate(layers, (field, layer) => {
          const spacing = field.spacing * layer.stride;
          return { size: field.size + (layer.kernel - 1) * spacing, spacing };
        }),
      ],
      [
        '窓の幅を、その層のストライドで測っているようです。その層を通る前の間隔で測ります。',
        accumulate(layers, (field, layer) => ({
          ...grow(field, layer),
          size: field.size + (layer.kernel - 1) * layer.stride,
        })),
      ],
      [
        '窓の端から端までは、kernel 個分ではなく、kernel − 1 個分の間隔です。',
        accumulate(layers, (field, layer) => ({
          ...grow(field, layer),
          size: field.size + layer.kernel * field.spacing,
        })),
      ],
      [
        '受容野を、窓の 1 辺を掛けて広げているようです。隣の窓どうしは重なるので、広がるのは足し算です。',
        accumulate(layers, (field, layer) => ({
          ...grow(field, layer),
          size: field.size * layer.kernel,
        })),
      ],
      [
        '間隔は足し算ではなく、掛け算で広がります。間隔が 2 のマスを 1 つおきに使えば、4 になります。',
        accumulate(layers, (field, layer) => ({
          ...grow(field, layer),
          spacing: field.spacing + layer.stride - 1,
        })),
      ],
      [
        '間隔が、その層のストライドだけになっているようです。前の層までに広がった間隔に掛けてください。',
        accumulate(layers, (field, layer) => ({ ...grow(field, layer), spacing: layer.stride })),
      ],
    ],
  });
}

describe('receptiveFields', () => {
  it('例のとおりになる', () => {
    check(
      [
        { kernel: 5, stride: 1 },
        { kernel: 2, stride: 2 },
        { kernel: 5, stride: 1 },
      ],
      [
        { size: 5, spacing: 1 },
        { size: 6, spacing: 2 },
        { size: 14, spacing: 2 },
      ],
    );
  });

  it('層が 1 つなら、窓の 1 辺とストライドそのもの', () => {
    check([{ kernel: 7, stride: 3 }], [{ size: 7, spacing: 3 }]);
  });

  it('ストライドのある層を重ねると、間隔は掛け算で広がる', () => {
    check([
      { kernel: 3, stride: 2 },
      { kernel: 4, stride: 3 },
      { kernel: 2, stride: 2 },
      { kernel: 3, stride: 1 },
    ]);
  });

  it('3 × 3 を 2 回重ねると、5 × 5 と同じ広さを見る', () => {
    check([
      { kernel: 3, stride: 1 },
      { kernel: 3, stride: 1 },
    ]);
  });

  it('層がなければ、空の配列', () => {
    check([]);
  });

  it('どんな重ね方でも、さかのぼって数えた範囲と同じになる', () => {
    const layer = fc.record({
      kernel: fc.integer({ min: 1, max: 7 }),
      stride: fc.integer({ min: 1, max: 4 }),
    });
    forAll([fc.array(layer, { minLength: 1, maxLength: 5 })], (layers) => {
      check(layers);
    });
  });
});
