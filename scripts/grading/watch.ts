import { watch, type FSWatcher } from 'node:fs';
import { mkdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { color, InterruptedError, print, printNote, terminal } from '#platform';
import { hashText } from '../exercises/catalog.ts';
import { chapterTitle, type Exercise } from './exercises.ts';
import { describeTampered, findTampered, hashOfFile } from './integrity.ts';
import type { WorkerPool } from './pool.ts';
import { describeExercise, printFailure, printNextExercise, printOutput } from './report.ts';
import { gradeExercise, plainPackages, tensorPackages, type Graded } from './run.ts';
import { pickNext, readStoredResults, standings, storeResults } from './state.ts';

/** {@link watchExercises} に渡すもの。 */
export interface WatchRequest {
  /** リポジトリのいちばん上。 */
  readonly root: string;
  /** すべての演習。 */
  readonly exercises: readonly Exercise[];
  /** 見張る演習。 */
  readonly selected: readonly Exercise[];
  readonly pool: WorkerPool;
  readonly signal: AbortSignal;
}

/** 保存の知らせがこれだけ止んでから採点します(ミリ秒)。エディターは、1 度の保存を 2、3 回に分けて書くことがあります。 */
const settleTime = 30;
/** 空になったファイルは、書いている途中かもしれないので、さらに待ちます(ミリ秒)。 */
const emptyTime = 100;

/**
 * 学習者のファイルを見張り、保存されるたびに、その演習を採点します。止める合図が来るまで続けます。
 *
 * @param request - 何を見張るか。
 * @throws InterruptedError 止める合図が来たとき。
 */
export async function watchExercises(request: WatchRequest): Promise<never> {
  const { root, selected, signal } = request;
  const session = new WatchSession(request);
  await session.start();
  const watchers: FSWatcher[] = [];
  for (const folder of new Set(selected.map(({ stub }) => dirname(stub)))) {
    await mkdir(join(root, folder), { recursive: true });
    const watcher = watch(join(root, folder), (_, file) => {
      session.notice(folder, file);
    });
    watcher.on('error', (error) => {
      printNote(`${folder} を見張れなくなりました(${error.message})。`);
    });
    watchers.push(watcher);
  }
  print(color.dim('保存すると採点します。終わるには Ctrl-C を押してください。'));
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => {
      resolve();
    });
    if (signal.aborted) resolve();
  });
  for (const watcher of watchers) watcher.close();
  throw new InterruptedError('見張りを終わります。');
}

/** 見張っている間の様子です。 */
class WatchSession {
  readonly #request: WatchRequest;
  /** 最後に見た、ファイルのハッシュ。中身が変わらない知らせでは、採点しません。 */
  readonly #seen = new Map<string, string | undefined>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  /** 採点している演習と、それを止めるもの。 */
  readonly #running = new Map<string, AbortController>();
  /** 結果を書く順番です。2 つ同時に書くと、片方が消えます。 */
  #writing: Promise<void> = Promise.resolve();

  constructor(request: WatchRequest) {
    this.#request = request;
  }

  async start(): Promise<void> {
    const { root, exercises, selected, pool } = this.#request;
    for (const { id, stub } of selected) this.#seen.set(id, await hashOfFile(join(root, stub)));
    const tampered = await findTampered(root, exercises);
    pool.prepare(tensorPackages);
    for (const sentence of describeTampered(tampered)) print(`${color.yellow('!')} ${sentence}`);
    const chapters = [...new Set(selected.map(({ chapter }) => chapterTitle(chapter)))];
    print(`${chapters.join('、')} の演習 ${selected.length} 題を見張っています。`);
    const stored = await readStoredResults(root, printNote);
    const next = pickNext(selected, await standings(root, selected, stored));
    if (next !== undefined) printNextExercise(next);
  }

  /**
   * ファイルが変わったことを受けとります。
   *
   * @param folder - フォルダー(いちばん上から)。
   * @param file - ファイルの名前。分からない環境では null で、全部を調べます。
   */
  notice(folder: string, file: string | null): void {
    for (const exercise of this.#request.selected) {
      if (dirname(exercise.stub) !== folder) continue;
      if (file !== null && basename(exercise.stub) !== file) continue;
      clearTimeout(this.#timers.get(exercise.id));
      this.#timers.set(
        exercise.id,
        setTimeout(() => {
          this.#check(exercise).catch((error: unknown) => {
            if (!(error instanceof InterruptedError)) throw error;
          });
        }, settleTime),
      );
    }
  }

  async #check(exercise: Exercise): Promise<void> {
    const { root } = this.#request;
    const path = join(root, exercise.stub);
    const size = await stat(path).then(
      (found) => found.size,
      () => 0,
    );
    if (size === 0) await wait(emptyTime);
    const hash = await hashOfFile(path);
    if (hash === this.#seen.get(exercise.id)) return;
    this.#seen.set(exercise.id, hash);
    await this.#grade(exercise);
  }

  /** この演習を読みこむ、手をつけた演習。結果が変わるので、いっしょに採点します。 */
  async #usersOf({ id, name }: Exercise): Promise<Exercise[]> {
    const { root, selected } = this.#request;
    const found = await Promise.all(
      selected.map(async (other) => {
        const text = await readFile(join(root, other.stub), 'utf8').catch(() => '');
        const uses = other.id !== id && text.includes(`/${name}.ts'`);
        return uses && hashText(text) !== other.hashes.stub ? [other] : [];
      }),
    );
    return found.flat();
  }

  async #grade(exercise: Exercise): Promise<void> {
    const first = await this.#gradeOne(exercise);
    this.#show(first);
    const graded = [first];
    for (const user of await this.#usersOf(exercise)) {
      const one = await this.#gradeOne(user);
      print(`  ${describeExercise(one.result)}`);
      graded.push(one);
    }
    // 次の保存に備えます。結果を見せた後なので、待たせません
    const { pool } = this.#request;
    for (const packages of [plainPackages, tensorPackages]) {
      if (pool.spareCount(packages) === 0) pool.prepare(packages);
    }
    this.#writing = this.#writing.then(() => this.#store(graded));
    await this.#writing;
  }

  async #gradeOne(exercise: Exercise): Promise<Graded> {
    const { pool, root, signal } = this.#request;
    this.#running.get(exercise.id)?.abort(); // 採点の途中で、また保存されました
    const controller = new AbortController();
    this.#running.set(exercise.id, controller);
    try {
      return await gradeExercise(
        {
          ...{ root, pool },
          signal: AbortSignal.any([controller.signal, signal]),
        },
        exercise,
      );
    } finally {
      if (this.#running.get(exercise.id) === controller) this.#running.delete(exercise.id);
    }
  }

  #show({ result, output }: Graded): void {
    if (terminal.interactive) process.stdout.write('\u001b[2J\u001b[3J\u001b[H');
    else print();
    print(`${describeExercise(result)} ${color.dim(clock())}`);
    if (result.status === 'failed') printFailure(result);
    else if (result.reason !== undefined) print(`  ${result.reason.text}`);
    printOutput(result.id, output);
  }

  async #store(graded: readonly Graded[]): Promise<void> {
    const { root, exercises } = this.#request;
    const before = await readStoredResults(root, printNote);
    const results = graded.map(({ result }) => result);
    const stored = await storeResults(root, before, results, printNote);
    if (results[0]?.status !== 'passed') return;
    const next = pickNext(exercises, await standings(root, exercises, stored), results[0].id);
    if (next === undefined)
      print(color.green('すべての演習に合格しました。おめでとうございます。'));
    else printNextExercise(next);
  }
}

function clock(): string {
  return new Date().toLocaleTimeString('ja-JP', { hour12: false });
}
