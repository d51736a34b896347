import { basename, dirname } from 'node:path/posix';
import type { Exercise } from '../grading/exercises.ts';
import { readAnswer } from './answerText.ts';
import { splitAttempt } from './naming.ts';
import type { SourceNode } from './sourceTree.ts';
import type { AnswerFile } from './types.ts';

type Nodes = ReadonlyMap<string, SourceNode>;

/** 提出物から選びだした、演習のファイル。 */
export interface PickedAnswers {
  readonly answers: Map<string, AnswerFile>;
  /** 困りごと(日本語の文)。 */
  readonly notes: string[];
  /** いちばん新しい演習のファイルの時刻(1970 年からのミリ秒)。分からないときは 0。 */
  readonly modified: number;
}

/**
 * 演習のファイルを選びます。`exercises/章/名前.ts`、`章/名前.ts`、`名前.ts` の順に探し、浅いものを使います。
 *
 * @param nodes - 提出物の中にあるもの。
 * @param exercises - 選ぶ演習。
 * @returns どの演習についても、ファイルか、ないこと、読めないこと。
 */
export async function pickAnswers(
  nodes: Nodes,
  exercises: readonly Exercise[],
): Promise<PickedAnswers> {
  const finder = new AnswerFinder(nodes, exercises);
  const answers = new Map<string, AnswerFile>();
  let modified = 0;
  for (const exercise of exercises) {
    const path = finder.find(exercise);
    const node = path === undefined ? undefined : nodes.get(path);
    if (node === undefined) {
      answers.set(exercise.id, finder.explainMissing(exercise));
      continue;
    }
    answers.set(exercise.id, await readAnswer(node));
    if (node.kind === 'file') modified = Math.max(modified, await node.modified());
  }
  return { answers, notes: finder.notes(), modified };
}

/**
 * 演習のファイルが、一つでもあるかを調べます。
 *
 * @param nodes - 提出物の中にあるもの。
 * @param exercises - 演習。
 * @returns あれば true。
 */
export function hasExerciseFiles(nodes: Nodes, exercises: readonly Exercise[]): boolean {
  const names = new Set(exercises.map(({ name }) => name));
  return [...nodes.keys()].some((path) => names.has(exerciseName(path)));
}

/** `a/04-softmax (1).ts` から `04-softmax`。演習の名前ではないときは、何にも合わない名前になります。 */
function exerciseName(path: string): string {
  const { stem, extension } = splitAttempt(path.slice(path.lastIndexOf('/') + 1));
  return extension === '.ts' ? stem : '';
}

function isUnder(path: string, ending: string): boolean {
  return path === ending || path.endsWith(`/${ending}`);
}

function depthOf(path: string): number {
  return path.split('/').length;
}

class AnswerFinder {
  readonly #byName = new Map<string, string[]>();
  readonly #counts = new Map<string, number>();
  readonly #chapters: ReadonlySet<string>;
  readonly #links: string[];
  readonly #twice: string[] = [];
  readonly #ambiguous = new Set<string>();

  constructor(nodes: Nodes, exercises: readonly Exercise[]) {
    for (const path of nodes.keys()) {
      const name = exerciseName(path);
      const same = this.#byName.get(name);
      if (same === undefined) this.#byName.set(name, [path]);
      else same.push(path);
    }
    for (const { name } of exercises) this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
    this.#chapters = new Set(exercises.map(({ chapter }) => chapter));
    this.#links = [...nodes].filter(([, { kind }]) => kind === 'link').map(([path]) => path);
  }

  find({ id, chapter, name, stub }: Exercise): string | undefined {
    const paths = this.#byName.get(name) ?? [];
    const inChapter = `${chapter}/${name}.ts`;
    for (const ending of [stub, inChapter]) {
      const found = paths.filter((path) => isUnder(path, ending));
      if (found.length > 0) return this.#shallowest(id, found);
    }
    // ほかの章のフォルダーに入っているものは、その章の演習です
    const loose = paths.filter((path) => !this.#chapters.has(basename(dirname(path))));
    if (loose.length === 0) return undefined;
    if ((this.#counts.get(name) ?? 0) > 1) {
      this.#ambiguous.add(`${name}.ts`);
      return undefined;
    }
    return this.#shallowest(id, this.#latest(loose));
  }

  explainMissing({ chapter }: Exercise): AnswerFile {
    const linked = this.#links.find((path) => isUnder(path, 'exercises') || isUnder(path, chapter));
    if (linked === undefined) return { state: 'missing' };
    const why = `フォルダー ${linked} がリンクなので、読みませんでした。フォルダーそのものを入れてください。`;
    return { state: 'unreadable', why };
  }

  notes(): string[] {
    const notes: string[] = [];
    if (this.#ambiguous.size > 0) {
      notes.push(
        `${[...this.#ambiguous].join('、')} は、どの章の演習か分からないので、読みませんでした。章のフォルダーごと出してもらってください。`,
      );
    }
    if (this.#twice.length > 0) {
      notes.push(`同じ演習のファイルが 2 つ以上あります(採点したのは ${shorten(this.#twice)})。`);
    }
    return notes;
  }

  /** 番号つき(` (1)`)の出し直しがあるときは、新しいもの。 */
  #latest(paths: readonly string[]): string[] {
    const attempts = paths.map((path) => splitAttempt(path).attempt);
    const last = Math.max(...attempts);
    return paths.filter((_, index) => attempts[index] === last);
  }

  #shallowest(id: string, paths: readonly string[]): string {
    const sorted = [...paths].sort((a, b) => depthOf(a) - depthOf(b) || (a < b ? -1 : 1));
    const [first, second] = sorted as [string, ...string[]];
    if (second !== undefined && depthOf(first) === depthOf(second)) {
      this.#twice.push(`${id} は ${first}`);
    }
    return first;
  }
}

/**
 * 長い並びを、はじめの 5 つにします。
 *
 * @param names - 並び。
 * @returns `a、b、c、d、e ほか 3 つ` など。
 */
export function shorten(names: readonly string[]): string {
  const more = names.length > 5 ? ` ほか ${names.length - 5} つ` : '';
  return names.slice(0, 5).join('、') + more;
}
