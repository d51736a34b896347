import { codeTokens } from './codeTokens.ts';
import { allFingerprints, winnow } from './fingerprints.ts';

const threshold = 0.5; // 割合がこれより小さい組は、知らせません
const fewestPrints = 16; // 残った指紋がこれより少ない答えは、短すぎるので比べません

/** 学習者ひとりの、演習ひとつの答え。 */
export interface AnswerOf {
  /** 学習者の id。 */
  readonly student: string;
  /** 演習の番号。 */
  readonly exercise: string;
  /** ファイルの全文。 */
  readonly text: string;
}

/** よく似た答えひとつ。 */
export interface SimilarAnswers {
  /** 演習の番号。 */
  readonly exercise: string;
  /** 似ている割合(0 から 1)。共通する指紋の数を、どちらかにある指紋の数で割ったもの(Jaccard 係数)です。 */
  readonly score: number;
  /** 二人の答えの全文。 */
  readonly texts: readonly [string, string];
}

/** よく似た答えを出した二人。 */
export interface SimilarPair {
  /** 学習者の id。文字コードの順です。 */
  readonly students: readonly [string, string];
  /** よく似た答え。似ているものから順です。 */
  readonly answers: readonly SimilarAnswers[];
}

/**
 * よく似た答えを出した組を探します。
 *
 * 測り方は winnowing(Schleimer, Wilkerson, Aiken 2003。MOSS の測り方)です。字句({@link codeTokens})を 7 個ずつの指紋にし、
 * 間引いてから、はじめに配ったコードの指紋と、クラスの 3 分の 1 より多くの人に共通する指紋を除いて、残りがどれだけ重なるかを見ます。
 *
 * 知らせる割合(0.5)は、この教材の演習で測って決めました。学習者の本物の答えでは、まだ確かめていません。
 *
 * - 解答を写して手を加えた答え(短すぎない 62 題): 変数の名前、注釈、空白を変えたものはどれも 1.00、となりの文の順を変えたものは
 *   0.61 以上、文を足したものは 0.55 以上です。
 * - 別々に書いた答え: 最大プーリングの 4 通りは 0.14 以下、混同行列の 4 通りは 0.05 以下、softmax の 4 通りは 0.43 以下です。
 *
 * 短い演習では、別々に書いても同じになります。指紋の残りが 16 個(字句でおよそ 40 個)より少ない答えは比べません。
 *
 * @param answers - 答え。
 * @param stubs - 演習の番号ごとの、はじめに配ったファイルの全文。
 * @returns よく似た答えの組。似た演習の多いものから順です。
 */
export function findSimilarPairs(
  answers: readonly AnswerOf[],
  stubs: ReadonlyMap<string, string>,
): SimilarPair[] {
  const pairs = new Map<string, { students: [string, string]; answers: SimilarAnswers[] }>();
  for (const exercise of new Set(answers.map((one) => one.exercise))) {
    const group = answers.filter((one) => one.exercise === exercise);
    for (const { first, second, score } of compareAll(group, stubs.get(exercise) ?? '')) {
      const [a, b] = first.student < second.student ? [first, second] : [second, first];
      const key = `${a.student}\n${b.student}`;
      const pair = pairs.get(key) ?? { students: [a.student, b.student], answers: [] };
      pair.answers.push({ exercise, score, texts: [a.text, b.text] });
      pairs.set(key, pair);
    }
  }
  for (const pair of pairs.values()) pair.answers.sort((a, b) => b.score - a.score);
  return [...pairs.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, pair]) => pair)
    .sort((a, b) => totalOf(b) - totalOf(a));
}

function totalOf({ answers }: SimilarPair): number {
  return answers.reduce((sum, { score }) => sum + score, 0);
}

interface Comparison {
  readonly first: AnswerOf;
  readonly second: AnswerOf;
  readonly score: number;
}

/** 演習ひとつの答えを、すべての組で比べます。 */
function compareAll(group: readonly AnswerOf[], stub: string): Comparison[] {
  const prints = distinctPrints(group, stub);
  const owners = new Map<number, number[]>();
  prints.forEach((own, index) => {
    for (const print of own) {
      const known = owners.get(print);
      if (known === undefined) owners.set(print, [index]);
      else known.push(index);
    }
  });
  const count = group.length;
  const shared = new Uint32Array(count * count); // [先の人, 後の人]
  for (const indexes of owners.values()) {
    for (let i = 0; i < indexes.length; i++) {
      for (let j = i + 1; j < indexes.length; j++) shared[indexes[i]! * count + indexes[j]!]!++;
    }
  }
  const found: Comparison[] = [];
  for (let i = 0; i < count; i++) {
    for (let j = i + 1; j < count; j++) {
      const both = shared[i * count + j]!;
      const score = both / Math.max(1, prints[i]!.length + prints[j]!.length - both);
      if (score >= threshold) found.push({ first: group[i]!, second: group[j]!, score });
    }
  }
  return found;
}

/** はじめに配ったコードの指紋と、多くの人に共通する指紋を除いたもの。短すぎる答えは空です。 */
function distinctPrints(group: readonly AnswerOf[], stub: string): number[][] {
  const given = new Set(allFingerprints(codeTokens(stub)));
  const prints = group.map(({ text }) =>
    [...winnow(allFingerprints(codeTokens(text)))].filter((print) => !given.has(print)),
  );
  const counts = new Map<number, number>();
  for (const print of prints.flat()) counts.set(print, (counts.get(print) ?? 0) + 1);
  // 数人のクラスでは、二人が同じだけで 3 分の 1 を超えるので、3 人までは残します
  const most = Math.max(3, group.length / 3);
  return prints
    .map((own) => own.filter((print) => counts.get(print)! <= most))
    .map((own) => (own.length < fewestPrints ? [] : own));
}
