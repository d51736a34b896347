import { availableParallelism, cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { errorCode, InterruptedError, UserError } from './errors.ts';
import { color, stopActiveProgress } from './terminal.ts';

/**
 * 環境変数を読みます。空文字列は、ないのと同じに扱います。
 *
 * @param name - 名前。
 * @returns 値。なければ undefined。
 */
export function environment(name: string): string | undefined {
  const value = process.env[name];
  return value === '' ? undefined : value;
}

/**
 * 経過時間を測るための時計です(戻ることはありません)。
 *
 * @returns ミリ秒。
 */
export function now(): number {
  return performance.now();
}

/**
 * 今日の日付です。
 *
 * @returns `2026-01-31` の形。
 */
export function today(): string {
  const date = new Date();
  const month = String(date.getMonth() + 1).padStart(2, '0');
  return `${date.getFullYear()}-${month}-${String(date.getDate()).padStart(2, '0')}`;
}

/** このプログラムを動かしている機械。 */
export interface Machine {
  /** CPU の名前。 */
  cpu: string;
  /** 使えるコアの数。 */
  cores: number;
  /** 主記憶の大きさ(バイト)。 */
  memoryBytes: number;
  /** OS と CPU の種類(`linux-x64` など)。 */
  platform: string;
  /** 実行環境とその版(`Node.js 20.19.0` など)。 */
  runtime: string;
}

/**
 * 機械の情報を集めます。
 *
 * @returns CPU、コアの数など。
 */
export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? '不明な CPU',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    platform: `${process.platform}-${process.arch}`,
    runtime: `Node.js ${process.versions.node}`,
  };
}

/**
 * これまでに使った主記憶の最大値です。
 *
 * @returns バイト数。
 */
export function peakMemoryBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}

let explain: (error: unknown) => unknown = (error) => error;

/**
 * エラーを見せる前に、分かりやすい文に言いかえる方法を決めます。ライブラリーやドライバーの奥から来るエラーのためです。
 *
 * @param rule - 捕まえた値を受けとり、見せるエラーを返す関数。言いかえられないものは、そのまま返します。
 */
export function explainErrorsWith(rule: (error: unknown) => unknown): void {
  explain = rule;
}

/**
 * 利用者のエラーを画面に出し、終了コードを決めます。UserError なら文だけ、それ以外は調べられるように全部出します。
 *
 * @param thrown - 捕まえた値。
 */
export function reportError(thrown: unknown): void {
  stopActiveProgress();
  const error = explain(thrown);
  if (error instanceof InterruptedError) {
    process.stderr.write(`\n${color.yellow('■')} ${error.message}${error.advice ?? ''}\n`);
    process.exitCode = 130;
    return;
  }
  if (error instanceof UserError) {
    process.stderr.write(`\n${color.red('✘')} ${error.message}\n`);
    if (error.advice) process.stderr.write(`  → ${error.advice}\n`);
  } else {
    process.stderr.write(`\n${color.red('✘')} 思いがけないエラーで止まりました。\n`);
    process.stderr.write(
      `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
  }
  process.exitCode = 1;
}

let reporterInstalled = false;

/**
 * 捕まえられなかったエラーを {@link reportError} で見せて終わるようにします。プログラムのはじめに一度呼びます。
 */
export function installErrorReporter(): void {
  if (reporterInstalled) return;
  reporterInstalled = true;
  const fail = (error: unknown): void => {
    reportError(error);
    process.exit();
  };
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  // `npm start | head` のように読み手が先に終わったら、静かに終わります
  process.stdout.on('error', (error) => {
    if (errorCode(error) === 'EPIPE') process.exit(0);
    throw error;
  });
}

/**
 * Ctrl-C を受けとる合図を作ります。1回目は合図だけを送り、プログラムに片づけの時間を与えます。2回目ですぐに終わります。
 *
 * @returns 止める合図。
 */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  process.on('SIGINT', () => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
    process.stderr.write(
      '\nCtrl-C を受けとりました。切りのよいところで止めます(もう一度押すと、すぐに止めます)。\n',
    );
  });
  return controller.signal;
}

/** 手を休めて、たまっている合図(Ctrl-C など)を処理させます。 */
export function yieldToEvents(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** コマンドラインの選択肢の書き方です。 */
export interface OptionSpec {
  /** 型。 */
  type: 'integer' | 'number' | 'choice' | 'text' | 'flag';
  /** 省いたときの値。flag は false、省ける値は undefined です。 */
  default?: number | string;
  /** choice のときに選べる値。 */
  choices?: readonly string[];
  /** integer, number の下限。 */
  min?: number;
  /** integer, number の上限。 */
  max?: number;
  /** 1 文字の短い書き方(`o` なら `-o`)。 */
  short?: string;
  /** `--help` に出す説明。 */
  help: string;
}

type OptionValue<S extends OptionSpec> =
  | (S['type'] extends 'integer' | 'number'
      ? number
      : S['type'] extends 'flag'
        ? boolean
        : S extends { choices: readonly (infer C)[] }
          ? C
          : string)
  | (S['type'] extends 'flag' ? never : S extends { default: number | string } ? never : undefined);

/** 選択肢の書き方から決まる、値の型です。 */
export type OptionValues<T extends Record<string, OptionSpec>> = {
  [K in keyof T]: OptionValue<T[K]>;
};

/** {@link parseOptions} に渡すもの。 */
export interface ProgramSpec<T extends Record<string, OptionSpec>> {
  /** `--help` の使い方に出す命令。 */
  command: string;
  /** 何をするプログラムか。 */
  summary: string;
  /** 選択肢。名前は `batchSize` のように書き、コマンドラインでは `--batch-size` になります。 */
  options: T;
  /** 選択肢のほかに値を並べられるとき、使い方に出すその名前(`写真.jpg …` など)。省くと、並べられません。 */
  operands?: string;
}

/**
 * 選択肢の名前を、コマンドラインでの書き方にします。
 *
 * @param name - `batchSize` のような名前。
 * @returns `--batch-size` のような書き方。
 */
export function optionFlag(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/**
 * コマンドラインの選択肢を読みます。`--help` なら使い方を出して終わります。
 *
 * @param spec - 使い方。
 * @param args - コマンドラインの引数。
 * @returns 読みとった値、コマンドラインで実際に指定された名前、並べられた値、もとの引数。
 * @throws UserError 知らない選択肢、範囲の外の値など。
 */
export function parseOptions<const T extends Record<string, OptionSpec>>(
  spec: ProgramSpec<T>,
  args: readonly string[] = process.argv.slice(2),
): {
  values: OptionValues<T>;
  given: ReadonlySet<string>;
  operands: readonly string[];
  args: readonly string[];
} {
  const names = Object.keys(spec.options);
  const config: Record<string, { type: 'boolean' | 'string'; short?: string }> = {
    help: { type: 'boolean' },
  };
  for (const name of names) {
    const { type, short } = spec.options[name]!;
    config[optionFlag(name).slice(2)] = {
      type: type === 'flag' ? 'boolean' : 'string',
      ...(short !== undefined && { short }),
    };
  }
  const advice = `使える選択肢は ${spec.command} --help で見られます。`;
  let parsed: Record<string, string | boolean | undefined>;
  let operands: readonly string[];
  try {
    const result = parseArgs({
      ...{ args: joinNegativeNumbers(args), options: config, strict: true },
      allowPositionals: spec.operands !== undefined,
    });
    parsed = result.values;
    operands = result.positionals;
  } catch (error) {
    throw new UserError(describeParseFailure(error), advice, { cause: error });
  }
  if (parsed.help === true) {
    process.stdout.write(helpText(spec));
    process.exit(0);
  }
  const values: Record<string, number | string | boolean | undefined> = {};
  const given = new Set<string>();
  for (const name of names) {
    const option = spec.options[name]!;
    const raw = parsed[optionFlag(name).slice(2)];
    if (raw !== undefined) given.add(name);
    if (option.type === 'flag') values[name] = raw === true;
    else
      values[name] =
        raw === undefined ? option.default : readValue(optionFlag(name), option, String(raw));
  }
  return { values: values as OptionValues<T>, given, operands, args };
}

// parseArgs は `--learning-rate -1` を「値がない」と読むので、`=` でつないで渡します
function joinNegativeNumbers(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const last = joined[joined.length - 1] ?? '';
    if (/^-[\d.]/.test(arg) && last.startsWith('--') && !last.includes('=')) {
      joined[joined.length - 1] = `${last}=${arg}`;
    } else {
      joined.push(arg);
    }
  }
  return joined;
}

function describeParseFailure(error: unknown): string {
  const text = error instanceof Error ? error.message : '';
  const name = /'(--?[^' ]+)/.exec(text)?.[1] ?? '';
  switch (errorCode(error)) {
    case 'ERR_PARSE_ARGS_UNKNOWN_OPTION':
      return `選択肢 ${name} はありません。`;
    case 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE':
      return text.includes('does not take an argument')
        ? `選択肢 ${name} に値はつけられません。`
        : `選択肢 ${name} に値がありません。`;
    case 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL':
      return `「${/'([^']*)'/.exec(text)?.[1] ?? ''}」が何の値か分かりません。`;
    default:
      return '選択肢を読めませんでした。';
  }
}

function readValue(flag: string, option: OptionSpec, raw: string): number | string {
  if (option.type === 'text') return raw;
  if (option.type === 'choice') {
    const choices = option.choices ?? [];
    if (choices.includes(raw)) return raw;
    throw new UserError(
      `${flag} に「${raw}」は選べません。`,
      `${choices.join('、')} のどれかにしてください。`,
    );
  }
  const { min = -Infinity, max = Infinity } = option;
  const value = raw.trim() === '' ? NaN : Number(raw);
  const kind = option.type === 'integer' ? '整数' : '数';
  const bounds: string[] = [];
  if (Number.isFinite(min)) bounds.push(`${min} 以上`);
  if (Number.isFinite(max)) bounds.push(`${max} 以下`);
  const fits = option.type === 'integer' ? Number.isSafeInteger(value) : Number.isFinite(value);
  if (fits && value >= min && value <= max) return value;
  throw new UserError(
    `${flag} に「${raw}」は使えません。`,
    `${bounds.length === 0 ? '' : `${bounds.join(' ')}の`}${kind}にしてください。`,
  );
}

function helpText<T extends Record<string, OptionSpec>>(spec: ProgramSpec<T>): string {
  const operands = spec.operands === undefined ? '' : `${spec.operands} `;
  const lines = [`使い方: ${spec.command} ${operands}[選択肢]`, '', spec.summary, '', '選択肢:'];
  for (const [name, option] of Object.entries(spec.options)) {
    const kind = {
      integer: ' <整数>',
      number: ' <数>',
      choice: ` <${(option.choices ?? []).join('|')}>`,
      text: ' <文字列>',
      flag: '',
    }[option.type];
    const short = option.short === undefined ? '' : `-${option.short}, `;
    lines.push(`  ${short}${optionFlag(name)}${kind}`);
    lines.push(
      `      ${option.help}${option.default === undefined ? '' : `(省くと ${option.default})`}`,
    );
  }
  lines.push('  --help', '      この使い方を出します。', '');
  return lines.join('\n');
}
