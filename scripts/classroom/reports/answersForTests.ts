/**
 * よく似た答えを探すテストで使う、同じ演習を別々に解いた答えと、解答を写して手を加えた答えです。
 *
 * @module
 */

/** 最大プーリングを、4 人が別々に書いたもの。 */
export const maxPools: readonly string[] = [
  `  const output: number[][][] = [];
  for (let top = 0; top + size <= image.length; top += stride) {
    const row: number[][] = [];
    for (let left = 0; left + size <= image[0]!.length; left += stride) {
      const window = image.slice(top, top + size).flatMap((one) => one.slice(left, left + size));
      row.push(window[0]!.map((_, c) => Math.max(...window.map((pixel) => pixel[c]!))));
    }
    output.push(row);
  }
  return output;`,
  `  const rows = Math.floor((image.length - size) / stride) + 1;
  const columns = Math.floor((image[0]!.length - size) / stride) + 1;
  const channels = image[0]![0]!.length;
  const result: Image = [];
  for (let y = 0; y < rows; y++) {
    result.push([]);
    for (let x = 0; x < columns; x++) {
      const best: number[] = [];
      for (let c = 0; c < channels; c++) {
        let max = -Infinity;
        for (let i = 0; i < size; i++) {
          for (let j = 0; j < size; j++) {
            const value = image[y * stride + i]![x * stride + j]![c]!;
            if (value > max) max = value;
          }
        }
        best.push(max);
      }
      result[y]!.push(best);
    }
  }
  return result;`,
  `  const height = image.length;
  const width = image[0]!.length;
  const outH = Math.floor((height - size) / stride + 1);
  const outW = Math.floor((width - size) / stride + 1);
  return Array.from({ length: outH }, (_, oy) =>
    Array.from({ length: outW }, (_, ox) =>
      image[0]![0]!.map((_, channel) => {
        let largest = image[oy * stride]![ox * stride]![channel]!;
        for (let dy = 0; dy < size; dy++)
          for (let dx = 0; dx < size; dx++)
            largest = Math.max(largest, image[oy * stride + dy]![ox * stride + dx]![channel]!);
        return largest;
      }),
    ),
  );`,
  `  const tops: number[] = [];
  for (let t = 0; t <= image.length - size; t += stride) tops.push(t);
  const lefts: number[] = [];
  for (let l = 0; l <= image[0]!.length - size; l += stride) lefts.push(l);
  const pool = (t: number, l: number): number[] => {
    const answer = [...image[t]![l]!];
    for (const line of image.slice(t, t + size)) {
      for (const pixel of line.slice(l, l + size)) {
        pixel.forEach((v, c) => {
          if (v > answer[c]!) answer[c] = v;
        });
      }
    }
    return answer;
  };
  return tops.map((t) => lefts.map((l) => pool(t, l)));`,
];

/** softmax を、4 人が別々に書いたもの。短いので、別々に書いても似ます。 */
export const softmaxes: readonly string[] = [
  `  return logits.map((row) => {
    const max = Math.max(...row);
    const exps = row.map((logit) => Math.exp(logit - max));
    const total = exps.reduce((sum, value) => sum + value, 0);
    return exps.map((value) => value / total);
  });`,
  `  const result: number[][] = [];
  for (const row of logits) {
    const m = Math.max(...row);
    const e = row.map((x) => Math.exp(x - m));
    let sum = 0;
    for (const value of e) sum += value;
    result.push(e.map((x) => x / sum));
  }
  return result;`,
  `  const probabilities: Matrix = [];
  for (let n = 0; n < logits.length; n++) {
    let largest = -Infinity;
    for (const z of logits[n]!) if (z > largest) largest = z;
    let total = 0;
    const line: number[] = [];
    for (let k = 0; k < logits[n]!.length; k++) {
      line[k] = Math.exp(logits[n]![k]! - largest);
      total += line[k]!;
    }
    probabilities.push(line.map((value) => value / total));
  }
  return probabilities;`,
  `  return logits.map((scores) => {
    const top = scores.reduce((a, b) => Math.max(a, b));
    const powers = scores.map((s) => Math.E ** (s - top));
    const all = powers.reduce((a, b) => a + b);
    return powers.map((p) => p / all);
  });`,
];

/** 混同行列と、最も多い間違いを、4 人が別々に書いたもの。関数 2 つの中身です。 */
export const confusions: readonly (readonly [matrix: string, most: string])[] = [
  [
    `  const matrix = Array.from({ length: numClasses }, () => new Array<number>(numClasses).fill(0));
  for (const [n, label] of labels.entries()) matrix[label]![predictions[n]!]! += 1;
  return matrix;`,
    `  let most: { actual: number; predicted: number; count: number } | undefined;
  for (const [actual, row] of matrix.entries()) {
    for (const [predicted, count] of row.entries()) {
      if (actual === predicted) continue;
      if (count > (most?.count ?? 0)) most = { actual, predicted, count };
    }
  }
  return most;`,
  ],
  [
    `  const table: Matrix = [];
  for (let i = 0; i < numClasses; i++) {
    const line: number[] = [];
    for (let j = 0; j < numClasses; j++) line.push(0);
    table.push(line);
  }
  for (let i = 0; i < labels.length; i++) {
    const actual = labels[i]!;
    const guess = predictions[i]!;
    table[actual]![guess] = table[actual]![guess]! + 1;
  }
  return table;`,
    `  let best = 0;
  let actual = -1;
  let predicted = -1;
  for (let i = 0; i < matrix.length; i++) {
    for (let j = 0; j < matrix.length; j++) {
      if (i !== j && matrix[i]![j]! > best) {
        best = matrix[i]![j]!;
        actual = i;
        predicted = j;
      }
    }
  }
  return best === 0 ? undefined : { actual, predicted, count: best };`,
  ],
  [
    `  const classes = [...Array(numClasses).keys()];
  return classes.map((k) =>
    classes.map((p) => labels.filter((label, i) => label === k && predictions[i] === p).length),
  );`,
    `  const candidates = matrix.flatMap((row, actual) =>
    row.map((count, predicted) => ({ actual, predicted, count })),
  );
  const wrong = candidates.filter((one) => one.actual !== one.predicted && one.count > 0);
  wrong.sort((a, b) => b.count - a.count);
  return wrong[0];`,
  ],
  [
    `  const counts = labels.reduce((all, label, i) => {
    const key = label * numClasses + predictions[i]!;
    all.set(key, (all.get(key) ?? 0) + 1);
    return all;
  }, new Map<number, number>());
  const result: number[][] = [];
  for (let k = 0; k < numClasses; k++) {
    result.push(Array.from({ length: numClasses }, (_, p) => counts.get(k * numClasses + p) ?? 0));
  }
  return result;`,
    `  let found: { actual: number; predicted: number; count: number } | undefined = undefined;
  let max = 0;
  matrix.forEach((row, i) => {
    const others = row.map((value, j) => (i === j ? 0 : value));
    const top = Math.max(...others);
    if (top > max) {
      max = top;
      found = { actual: i, predicted: others.indexOf(top), count: top };
    }
  });
  return found;`,
  ],
];

/**
 * 演習のはじめのコードの、関数の中身を書きかえます。
 *
 * @param stub - はじめのコードの全文。
 * @param bodies - 関数の順の中身。
 * @returns 答えの全文。
 */
export function answerWith(stub: string, bodies: readonly string[]): string {
  let next = 0;
  return stub.replace(/^( *)(\/\/.*\n *)*throw .*$/gm, (whole) => bodies[next++] ?? whole);
}

/**
 * 写した答えで、よく見る書きかえです。
 */
export const disguises: Readonly<Record<string, (text: string) => string>> = {
  変数の名前を変えた: (text) =>
    [...new Set(text.match(/(?<=\b(?:const|let) )[a-z]\w*/g) ?? [])].reduce(
      (code, name, index) => code.replaceAll(new RegExp(`(?<!\\.)\\b${name}\\b`, 'g'), `q${index}`),
      text,
    ),
  注釈と空白を変えた: (text) =>
    text
      .replace(/^ *\/\/.*$/gm, '')
      .replace(/;$/gm, ';  // ここで計算する\n')
      .replace(/^ {2}/gm, '\t'),
  文の順を変えた: (text) => swapStatements(text),
  値を確かめる文を足した: (text) =>
    text.replace(
      /^( *return [^\n]*)$/m,
      `  if (Number.isNaN(0)) throw new Error('値がおかしい');\n$1`,
    ),
};

/** 続いた 2 つの 1 行の宣言を入れかえます。入れかえられるところは、すべて入れかえます。 */
function swapStatements(text: string): string {
  return text.replace(/^( *(?:const|let) .*;)\n( *(?:const|let) .*;)$/gm, '$2\n$1');
}
