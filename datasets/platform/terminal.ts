import cliProgress from 'cli-progress';
import pc from 'picocolors';
import stringWidth from 'string-width';

/** 文字の色。端末でないときや `NO_COLOR` があるときは、色をつけずにそのまま返します。 */
export const color = pc;

/** 端末に出せる色の数。`true` は 24 ビットの色です。 */
export type TerminalColors = 'true' | '256' | 'none';

/** 出力先の端末について分かっていること。 */
export const terminal = {
  /** 人が見ている端末か(ファイルやパイプなら false)。 */
  get interactive(): boolean {
    return process.stdout.isTTY;
  },
  /** 1行に入る半角文字の数。端末でなければ 80。 */
  get columns(): number {
    return process.stdout.isTTY ? process.stdout.columns : 80;
  },
  /** 出せる色の数。24 ビットか、256 色か、色なしです。 */
  get colors(): TerminalColors {
    if (!process.stdout.isTTY || process.env.NO_COLOR !== undefined) return 'none';
    // tmux の中の Node.js は色を少なく見積もるので、端末が自分で名乗る COLORTERM も見ます
    const named = /^(truecolor|24bit)$/.test(process.env.COLORTERM ?? '');
    if (named || process.stdout.hasColors(2 ** 24)) return 'true';
    return process.stdout.hasColors(256) ? '256' : 'none';
  },
};

// 進み具合の棒を描いている間に文を出すときは、棒を消してから書きます。棒は、次に進んだときに下の行へ描かれます
let barIsDrawn = false;
let activeBar: cliProgress.SingleBar | undefined;

/** 描いている途中の進み具合の棒を消し、隠したカーソルを戻します。エラーで終わるときに使います。 */
export function stopActiveProgress(): void {
  activeBar?.stop();
  activeBar = undefined;
  barIsDrawn = false;
}

function clearActiveBar(): void {
  if (!barIsDrawn) return;
  process.stderr.write('\r\u001b[2K');
  barIsDrawn = false;
}

/**
 * 1行を標準出力に書きます。
 *
 * @param text - 書く文字列。
 */
export function print(text = ''): void {
  clearActiveBar();
  process.stdout.write(`${text}\n`);
}

/**
 * 1行を標準エラー出力に書きます。進み具合や注意など、結果でないものに使います。
 *
 * @param text - 書く文字列。
 */
export function printNote(text: string): void {
  clearActiveBar();
  process.stderr.write(`${text}\n`);
}

/**
 * 全角を2文字分と数えて、幅をそろえます。
 *
 * @param text - もとの文字列。
 * @param width - そろえる幅(半角の数)。
 * @param align - 左寄せか右寄せか。
 * @returns 空白を足した文字列。もとが長ければそのまま。
 */
export function padDisplay(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const space = ' '.repeat(Math.max(0, width - stringWidth(text)));
  return align === 'left' ? text + space : space + text;
}

/**
 * 秒数を読みやすくします。
 *
 * @param seconds - 秒。
 * @returns `8.2 秒`、`42 秒`、`3 分 05 秒` など。
 */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '不明';
  if (seconds < 9.95) return `${seconds.toFixed(1)} 秒`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} 秒`;
  if (whole < 3600) return `${Math.floor(whole / 60)} 分 ${String(whole % 60).padStart(2, '0')} 秒`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} 時間 ${String(minutes % 60).padStart(2, '0')} 分`;
}

/**
 * バイト数を読みやすくします(1 MB = 1,000,000 バイト)。
 *
 * @param bytes - バイト数。
 * @returns `170.1 MB` など。
 */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`;
  if (bytes < 1e9) return `${(bytes / 1e6).toFixed(1)} MB`;
  return `${(bytes / 1e9).toFixed(2)} GB`;
}

/**
 * 枚数などの整数を、3桁ごとに区切ります。
 *
 * @param count - 整数。
 * @returns `402,250` など。
 */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

/**
 * 割合を百分率にします。
 *
 * @param ratio - 0 から 1。
 * @returns `43.2 %` など。数でなければ `—`。
 */
export function formatPercent(ratio: number): string {
  return Number.isFinite(ratio) ? `${(ratio * 100).toFixed(1)} %` : '—';
}

/** 進み具合の表示。 */
export interface Progress {
  /**
   * 今の位置を伝えます。何度呼んでも、描くのは必要なときだけです。
   *
   * @param value - 今の値(0 から total)。
   * @param note - 右に添える短い文(損失など)。
   */
  update(value: number, note?: string): void;
  /** 表示を終えます。 */
  stop(): void;
}

/** {@link createProgress} の設定。 */
export interface ProgressOptions {
  /** 何をしているか。 */
  label: string;
  /** 全部でいくつか。 */
  total: number;
  /** 値の見せ方。省くと整数です。 */
  format?: (value: number) => string;
}

const redrawInterval = 100; // ms。これより速く描いても目に見えません
const plainInterval = 5000; // ms。端末でないときは、記録が長くならないように間をあけます

/**
 * 残り時間つきの進み具合を標準エラー出力に出します。端末なら棒、そうでなければ5秒ごとに1行です。
 *
 * @param options - 何を、いくつまで数えるか。
 * @returns 進み具合を伝える口。
 */
export function createProgress({ label, total, format }: ProgressOptions): Progress {
  const show = format ?? formatCount;
  const started = performance.now();
  const remaining = (value: number): string => {
    const elapsed = (performance.now() - started) / 1000;
    if (value <= 0 || elapsed < 0.3) return '残り 計算中';
    return `残り ${formatDuration((elapsed / value) * Math.max(0, total - value))}`;
  };
  let lastDrawn = -Infinity;

  // TERM=dumb の端末(エディターの中など)は、棒を描き直すための符号を読めません
  if (!process.stderr.isTTY || process.env.TERM === 'dumb') {
    lastDrawn = started; // はじめの5秒で終わる仕事は、何も出しません
    return {
      update(value, note = '') {
        if (performance.now() - lastDrawn < plainInterval) return;
        lastDrawn = performance.now();
        const percent = ((value / total) * 100).toFixed(0);
        const line = `${label} ${percent} % (${show(value)} / ${show(total)}) ${remaining(value)}`;
        process.stderr.write(`  ${line} ${note}`.trimEnd() + '\n');
      },
      stop() {
        // 端末でないときは、消すものがありません
      },
    };
  }

  const bar = new cliProgress.SingleBar(
    {
      format: '  {label} {bar} {percentage}% {left} {note}',
      barsize: process.stderr.columns >= 100 ? 30 : 16,
      barCompleteChar: '█',
      barIncompleteChar: '░',
      hideCursor: true,
      clearOnComplete: true,
      fps: 10,
      stream: process.stderr,
      gracefulExit: false, // Ctrl-C の後始末は、プログラムの側が一か所でします
    },
    cliProgress.Presets.shades_classic,
  );
  bar.start(total, 0, { label, left: '', note: '' });
  activeBar = bar;
  return {
    update(value, note = '') {
      if (performance.now() - lastDrawn < redrawInterval) return;
      lastDrawn = performance.now();
      bar.update(value, { label, left: remaining(value), note });
      // 学習のループは同期的に走り、タイマーが回らないことがあるので、自分で描きます
      bar.render();
      barIsDrawn = true;
    },
    stop() {
      bar.stop();
      if (activeBar === bar) activeBar = undefined;
      barIsDrawn = false;
    },
  };
}
