import { spawn, type ChildProcess } from 'node:child_process';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createProgress, describeMachine, environment, print, today, UserError } from '#platform';
import { copyCheckout } from '../grading/checkout.ts';
import { loadExercises, type Exercise } from '../grading/exercises.ts';

/** 保存の間をこれだけあけます(ミリ秒)。人が書きなおすよりは短い時間です。 */
const pause = 1000;
const coldRuns = 5;
/** これだけ待っても結果が出なければ、測るのをやめます(ミリ秒)。 */
const patience = 60_000;

/**
 * 教材の写しに解答を書きこみながら、採点にかかる時間を測り、画面に出します。
 *
 * @param root - リポジトリのいちばん上。
 * @throws UserError 解答が合格しないとき。
 */
export async function benchGrading(root: string): Promise<void> {
  const parent = await mkdtemp(join(tmpdir(), 'grading-'));
  const checkout = join(parent, 'checkout');
  try {
    await copyCheckout(root, checkout);
    const exercises = await loadExercises(checkout);
    const { cpu, cores, runtime } = describeMachine();
    print(`${cpu}、${cores} コア、${runtime}、${today()}、演習 ${exercises.length} 題`);
    await measureWatch(checkout, exercises);
    await measureCold(checkout, exercises);
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
}

async function measureWatch(root: string, exercises: readonly Exercise[]): Promise<void> {
  const watching = startGrader(root, ['--watch']);
  const screen = new Screen(watching);
  const measured: { id: string; ms: number }[] = [];
  const progress = createProgress({ label: '保存から結果まで', total: exercises.length });
  try {
    await screen.waitFor('Ctrl-C');
    for (const exercise of exercises) {
      await wait(pause);
      screen.clear();
      const started = performance.now();
      await copyFile(join(root, exercise.solution), join(root, exercise.stub));
      await screen.waitFor(` ${exercise.id} `);
      measured.push({ id: exercise.id, ms: performance.now() - started });
      if (screen.text.includes(`✘ ${exercise.id} `)) {
        throw new UserError(`演習 ${exercise.id} の解答が、合格しません。\n${screen.text}`);
      }
      progress.update(measured.length);
    }
  } finally {
    progress.stop();
    watching.kill('SIGKILL');
  }
  const sorted = measured.toSorted((a, b) => a.ms - b.ms);
  const at = (q: number): number => sorted[Math.ceil(q * sorted.length) - 1]!.ms;
  print(
    `保存から結果まで: 中央値 ${seconds(at(0.5))}、95 % ${seconds(at(0.95))}、最大 ${seconds(at(1))}`,
  );
  const slowest = sorted.slice(-5).toReversed();
  print(`  遅いもの: ${slowest.map(({ id, ms }) => `${id} ${seconds(ms)}`).join('、')}`);
}

/** すべて解いてあるところで、はじめから動かす時間を測ります。 */
async function measureCold(root: string, exercises: readonly Exercise[]): Promise<void> {
  const [one] = exercises;
  if (one === undefined) return;
  const times: number[] = [];
  for (let i = 0; i < coldRuns; i++) times.push(await timeCommand(root, [one.id]));
  const sorted = times.toSorted((a, b) => a - b);
  print(
    `npm test -- ${one.id}: 中央値 ${seconds(sorted[Math.floor(coldRuns / 2)]!)}、最大 ${seconds(sorted.at(-1))}(${coldRuns} 回)`,
  );
  print(`npm test(すべて): ${seconds(await timeCommand(root, []))}`);
}

async function timeCommand(root: string, ids: readonly string[]): Promise<number> {
  const started = performance.now();
  // npm run の中でなら、npm そのものの時間も入れます
  const npm = environment('npm_execpath');
  const child =
    npm === undefined
      ? startGrader(root, ids)
      : spawn(process.execPath, [npm, 'test', '--', ...ids], { cwd: root, stdio: 'ignore' });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0 && code !== 1)
    throw new UserError(`採点が終了コード ${code ?? '不明'} で終わりました。`);
  return performance.now() - started;
}

function startGrader(root: string, args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [join(root, 'scripts', 'grade.js'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
  });
}

/** 動いているプログラムが、画面に出した文字です。 */
class Screen {
  text = '';
  #changed: () => void = () => undefined;

  constructor(child: ChildProcess) {
    child.stdout!.on('data', (chunk: Buffer) => {
      this.text += chunk.toString();
      this.#changed();
    });
  }

  clear(): void {
    this.text = '';
  }

  async waitFor(words: string): Promise<void> {
    const limit = AbortSignal.timeout(patience);
    while (!this.text.includes(words)) {
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
        limit.addEventListener('abort', () => {
          resolve();
        });
      });
      if (limit.aborted) throw new UserError(`「${words}」を待っても出ませんでした。`);
    }
  }
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} 秒`;
}
