import * as tf from '@tensorflow/tfjs';
import {
  color,
  createProgress,
  describeMachine,
  displayPath,
  formatBytes,
  formatCount,
  installErrorReporter,
  InterruptedError,
  interruptSignal,
  joinPath,
  now,
  optionFlag,
  parseOptions,
  peakMemoryBytes,
  print,
  projectRoot,
  requireWritableFolder,
  resolvePath,
  today,
  UserError,
  writeFileAtomic,
  yieldToEvents,
  type OptionSpec,
  type OptionValues,
} from '#platform';
import type { ImageDataset } from '../../datasets/types.ts';
import { deviceFailure, type DeviceReport } from './backend/index.ts';

/** `run.json` に残す値。数、文字列、その並びと入れ子です。 */
export type RecordValue =
  | string
  | number
  | boolean
  | undefined
  | readonly RecordValue[]
  | { readonly [name: string]: RecordValue };

/** 図の説明。 */
export interface FigureNotes {
  /** 図を見られない人のための説明。 */
  alt: string;
  /** 図の下に置く短い文。 */
  caption: string;
  /** データセットの画像そのものが入っているか。入っていれば、記録には残しません。 */
  containsImages?: boolean;
}

interface RecordedFigure extends FigureNotes {
  name: string;
  file: string;
  containsImages: boolean;
}

/** {@link startChapter} に渡すもの。 */
export interface ChapterSpec<T extends Record<string, OptionSpec>> {
  /** 章のフォルダーの名前。 */
  id: string;
  /** 章の題。 */
  title: string;
  /** 章に特有の選択肢。 */
  options: T;
}

const commonOptions = {
  output: {
    type: 'text',
    help: '図やモデルを置くフォルダーです。省くと outputs/ の下の章のフォルダーです。',
  },
} as const;

/** 損失を見せながら、Ctrl-C と発散を見張るもの。 */
export interface TrainingProgress {
  /** 途中で測った値と、そこまでの学習時間(秒。測るのにかかった時間は除きます)。 */
  readonly checks: { steps: number[]; seconds: number[]; values: number[] };
  /**
   * 1ステップが終わったことを伝えます。
   *
   * @param loss - このステップの損失。
   * @throws UserError 損失が NaN か無限大になったとき、計算の途中で GPU が使えなくなったとき。
   * @throws InterruptedError Ctrl-C が押されたとき。
   */
  step(loss: number): Promise<void>;
  /**
   * 学習の時間に数えずに、何かをします(正解率を測るなど)。
   *
   * @param work - すること。
   * @returns `work` の結果。
   */
  untimed<R>(work: () => Promise<R>): Promise<R>;
  /**
   * 表示を終えます。
   *
   * @returns 学習にかかった秒数(途中で測るのにかかった時間は除きます)。
   */
  stop(): number;
}

/** 学習の途中で何かを測るときの設定。 */
export interface ProgressCheck {
  /** 何ステップごとに測るか。undefined なら測りません。 */
  every: number | undefined;
  /** 測る関数。 */
  check: () => Promise<number>;
}

/** 動いている章。画面に出したものと測った値を集め、最後に `run.json` に書きます。 */
export class Chapter<T extends Record<string, OptionSpec>> {
  /** コマンドラインで選ばれた値。 */
  readonly options: OptionValues<T>;
  /** コマンドラインで実際に指定された選択肢の名前。 */
  readonly given: ReadonlySet<string>;
  /** Ctrl-C の合図。 */
  readonly signal: AbortSignal;
  /** 図やモデルを置くフォルダー(絶対パス)。 */
  readonly outputFolder: string;

  readonly #spec: ChapterSpec<T>;
  readonly #args: readonly string[];
  readonly #startedAt = now();
  #tensorsAtStart = 0;
  readonly #sections: Record<string, string> = {};
  #section = '';
  #engine: RecordValue;
  #data: RecordValue;
  #settings: RecordValue;
  readonly #values: Record<string, RecordValue> = {};
  readonly #figures: RecordedFigure[] = [];

  /**
   * 選択肢を読んで、章を始めます。ふつうは {@link startChapter} を使います。
   *
   * @param spec - 章の名前と選択肢。
   */
  constructor(spec: ChapterSpec<T>) {
    const { values, given, args } = parseOptions({
      command: `npm run chapter -- ${spec.id.replace(/^(\d+(-\d+)?)-.*/, '$1')}`,
      summary: `${spec.title}の章を動かします。`,
      options: { ...spec.options, ...commonOptions },
    });
    this.#spec = spec;
    this.#args = args;
    this.options = values;
    this.given = given;
    const { output } = values as OptionValues<typeof commonOptions>;
    this.outputFolder = output ? resolvePath(output) : joinPath(projectRoot, 'outputs', spec.id);
    requireWritableFolder(this.outputFolder);
    this.signal = interruptSignal();
    print(color.bold(spec.title));
  }

  /**
   * 意味がぶつかる選択肢が、いっしょに指定されていないかを確かめます。
   *
   * @param flag - 指定された選択肢。
   * @param others - いっしょに使えない選択肢。
   * @throws UserError いっしょに指定されているとき。
   */
  rejectTogether(flag: keyof T & string, others: readonly (keyof T & string)[]): void {
    const other = others.find((name) => this.given.has(name));
    if (!this.given.has(flag) || other === undefined) return;
    throw new UserError(
      `${optionFlag(flag)} と ${optionFlag(other)} は、いっしょに使えません。`,
      'どちらか一方だけを指定してください。',
    );
  }

  /**
   * 画面に見出しを出し、ここからの出力を1つのまとまりとして記録します。
   *
   * @param id - 記録での名前。
   * @param title - 画面に出す見出し。
   * @throws InterruptedError Ctrl-C が押されていたとき。見出しは、学習の外での切りのよいところです。
   */
  section(id: string, title: string): void {
    if (this.signal.aborted) {
      throw new InterruptedError(
        'ここまでに保存したものは残っていますが、この先の結果はありません。',
      );
    }
    this.#section = id;
    this.#sections[id] = '';
    print(`\n${color.cyan('■')} ${color.bold(title)}`);
  }

  /**
   * 結果を画面に出し、記録にも残します。
   *
   * @param text - 出す文。複数行でもかまいません。
   */
  print(text = ''): void {
    print(text);
    if (this.#section !== '') {
      this.#sections[this.#section] = `${this.#sections[this.#section] ?? ''}${text}\n`;
    }
  }

  /**
   * 画面にだけ出します(色つきの画像など、記録に残さないもの)。
   *
   * @param text - 出す文。空なら何もしません。
   */
  show(text: string): void {
    if (text !== '') print(text);
  }

  /**
   * 選ばれた仕組みを画面に出し、記録します。
   *
   * @param report - `useDevice` の報告。
   */
  reportDevice(report: DeviceReport): void {
    this.#tensorsAtStart = tf.memory().numTensors;
    const details = [report.version, report.note].filter(Boolean).join('、');
    const threads = report.threads === undefined ? '' : `、${report.threads} スレッド`;
    this.print(
      `${report.device.toUpperCase()} の ${report.engine} で計算します(${details}${threads})。`,
    );
    if (report.stepMilliseconds !== undefined) {
      this.print(`試しに測った1ステップの時間は ${report.stepMilliseconds.toFixed(1)} ms でした。`);
    }
    for (const { engine, reason } of report.passedOver)
      this.print(`  選ばなかったもの: ${engine} — ${reason}`);
    this.recordDevice(report);
  }

  /**
   * 結果を出した仕組みを、画面には出さずに記録します。2つを見せて、あとから一方に決める章のためです。
   *
   * @param report - `useDevice` の報告。
   */
  recordDevice({ passedOver, ...engine }: DeviceReport): void {
    this.#engine = { ...engine, passedOver: passedOver.map((other) => ({ ...other })) };
  }

  /**
   * 使うデータセットを記録します。
   *
   * @param trainSet - 学習用。
   * @param testSet - テスト用。
   */
  recordData(
    trainSet: Pick<ImageDataset<string>, 'name' | 'size'>,
    testSet: Pick<ImageDataset<string>, 'size'>,
  ): void {
    this.#data = { name: trainSet.name, trainSize: trainSet.size, testSize: testSet.size };
  }

  /**
   * 学習の設定を記録します。
   *
   * @param settings - 設定の名前と値。
   */
  recordSettings(settings: Record<string, RecordValue>): void {
    this.#settings = settings;
  }

  /**
   * 測った値を記録します。章の文章は、ここに残した数を引用します。
   *
   * @param name - まとまりの名前(`train`、`test` など)。
   * @param value - 値。
   */
  record(name: string, value: RecordValue): void {
    this.#values[name] = value;
  }

  /**
   * 図を書きます。
   *
   * @param file - ファイルの名前(`loss.svg` など)。
   * @param content - SVG の文字列か、PNG のバイト列。
   * @param notes - 図の説明。
   * @throws UserError 書けないとき。
   */
  async saveFigure(file: string, content: string | Uint8Array, notes: FigureNotes): Promise<void> {
    await writeFileAtomic(joinPath(this.outputFolder, file), content);
    const name = file.replace(/\.[^.]*$/, '');
    this.#figures.push({ ...notes, name, file, containsImages: notes.containsImages ?? false });
  }

  /**
   * 学習の進み具合を見せるものを作ります。残り時間と、ならした損失を出します。
   *
   * @param totalSteps - 全部のステップ数。
   * @param measure - 学習の途中で測ること。
   * @returns 1ステップごとに呼ぶもの。
   */
  trainingProgress(totalSteps: number, measure?: ProgressCheck): TrainingProgress {
    const progress = createProgress({ label: '学習', total: totalSteps });
    const checks: TrainingProgress['checks'] = { steps: [], seconds: [], values: [] };
    let started = now();
    let lastBreath = started;
    let done = 0;
    let smoothed: number | undefined;
    const fail = (error: UserError): never => {
      progress.stop();
      throw error;
    };
    const untimed = async <R>(work: () => Promise<R>): Promise<R> => {
      const before = now();
      const result = await work();
      started += now() - before;
      return result;
    };
    return {
      checks,
      untimed,
      step: async (loss) => {
        done++;
        const failure = deviceFailure();
        if (failure !== undefined) fail(failure); // このときの損失は、でたらめな値です
        if (!Number.isFinite(loss)) {
          fail(
            new UserError(
              `${done} ステップ目で損失が ${loss} になり、学習が壊れました(発散)。`,
              '--learning-rate を 10 分の 1 にして、もう一度試してください。モデルは保存していません。',
            ),
          );
        }
        smoothed = smoothed === undefined ? loss : 0.98 * smoothed + 0.02 * loss;
        if (measure?.every !== undefined && (done % measure.every === 0 || done === totalSteps)) {
          checks.steps.push(done);
          checks.seconds.push((now() - started) / 1000);
          checks.values.push(await untimed(measure.check));
        }
        // 学習は休みなく続くので、ときどき手を休めないと Ctrl-C に気づけません
        if (now() - lastBreath < 50) return;
        progress.update(done, `損失 ${smoothed.toFixed(3)}`);
        await yieldToEvents();
        lastBreath = now();
        if (this.signal.aborted) {
          fail(
            new InterruptedError(
              `${formatCount(totalSteps)} ステップのうち ${formatCount(done)} ステップまでの学習は失われました。` +
                '前に保存したモデルがあれば、そのまま残っています。',
            ),
          );
        }
      },
      stop: () => {
        progress.stop();
        return (now() - started) / 1000;
      },
    };
  }

  /**
   * 章を終えます。`run.json` を書き、作ったものの場所を出し、テンソルの解放もれがないかを確かめます。
   *
   * @param nextSteps - 次にできること。1つが1行です。
   * @param file - 記録のファイルの名前。学習の記録を上書きしたくないときに変えます。
   * @throws UserError `run.json` を書けないとき。
   * @throws Error テンソルの解放もれがあるとき(プログラムの誤り)。
   */
  async finish(nextSteps: readonly string[], file = 'run.json'): Promise<void> {
    const folder = displayPath(this.outputFolder);
    this.section('finish', 'できあがったもの');
    for (const { file, caption } of this.#figures) this.print(`${folder}/${file} — ${caption}`);
    const seconds = (now() - this.#startedAt) / 1000;
    this.record('program', {
      seconds,
      peakMemoryMegabytes: peakMemoryBytes() / 1e6,
    });
    this.show(
      `\n${color.dim(`全体で ${seconds.toFixed(1)} 秒、主記憶は最大 ${formatBytes(peakMemoryBytes())} でした。`)}`,
    );
    this.section('next', '次は');
    for (const line of nextSteps) this.print(line);
    const machine = describeMachine();
    const run = {
      chapter: this.#spec.id,
      args: this.#args,
      date: today(),
      machine: `${machine.cpu}, ${machine.cores} コア, ${machine.platform}, ${machine.runtime}`,
      engine: this.#engine,
      data: this.#data,
      settings: this.#settings,
      sections: this.#sections,
      values: this.#values,
      figures: this.#figures,
    };
    await writeFileAtomic(joinPath(this.outputFolder, file), `${JSON.stringify(run, null, 1)}\n`);
    const leaked = tf.memory().numTensors - this.#tensorsAtStart;
    if (leaked !== 0) throw new Error(`テンソルが ${leaked} 個、解放されずに残っています。`);
    // WebGPU のデバイスが残っていると、プログラムが終わりません
    if (tf.engine().registry.webgpu !== undefined) tf.removeBackend('webgpu');
  }
}

/**
 * 章のプログラムを始めます。選択肢を読み、エラーと Ctrl-C の見せ方を整えます。
 *
 * @param spec - 章の名前と選択肢。
 * @returns 動いている章。
 * @throws UserError 選択肢が正しくないとき。
 */
export function startChapter<const T extends Record<string, OptionSpec>>(
  spec: ChapterSpec<T>,
): Chapter<T> {
  installErrorReporter();
  return new Chapter(spec);
}
