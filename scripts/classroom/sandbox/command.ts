import { execFile } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** 採点のプロセスを閉じこめる仕組み。強い順です。 */
export type Isolation = 'bubblewrap' | 'unshare' | 'node';

/** {@link Sandbox} に渡すもの。 */
export interface SandboxAccess {
  /** 読んでよいファイルとフォルダー。書けるところはありません。 */
  readonly readable: readonly string[];
  /** 渡す環境変数。 */
  readonly environment: Readonly<Record<string, string>>;
}

/** 動かすコマンド。 */
export interface SandboxCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const heapLimit = 384; // MB。型つき配列なども合わせた 512 MB の限度は、親が見張ります

/** 採点のプロセスを、閉じこめて始めるコマンドを作ります。 */
export class Sandbox {
  /** 使う仕組み。 */
  readonly isolation: Isolation;
  readonly #access: SandboxAccess;

  constructor(isolation: Isolation, access: SandboxAccess) {
    this.isolation = isolation;
    this.#access = access;
  }

  /**
   * Node.js のプログラムを動かすコマンド。
   *
   * @param program - プログラムと、その引数。
   * @returns コマンド。
   */
  command(program: readonly string[]): SandboxCommand {
    const node = [...nodeFlags(this.#readable), ...program];
    const env = { ...systemEnvironment(), ...this.#access.environment };
    if (this.isolation === 'bubblewrap') {
      const args = [...bubblewrapFlags(this.#readable), process.execPath, ...node];
      return { file: 'bwrap', args, env };
    }
    if (this.isolation === 'unshare') {
      const args = [...unshareFlags, process.execPath, ...node];
      return { file: 'unshare', args, env };
    }
    return { file: process.execPath, args: node, env };
  }

  /** リンクをたどった先も読めるようにします。 */
  get #readable(): string[] {
    const paths = this.#access.readable.filter((path) => existsSync(path));
    return [...new Set([...paths, ...paths.map((path) => realpathSync(path))])];
  }
}

function nodeFlags(readable: readonly string[]): string[] {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const stable = major > 23 || (major === 23 && minor >= 5) || (major === 22 && minor >= 13);
  return [
    stable ? '--permission' : '--experimental-permission',
    '--allow-worker', // 使った時間を知らせるスレッドのためです。提出されたプログラムからは作れません
    ...readable.map((path) => `--allow-fs-read=${path}`),
    `--max-old-space-size=${heapLimit}`,
    '--no-warnings',
  ];
}

/** OS とつながるのに要る環境変数だけを残します。 */
function systemEnvironment(): Record<string, string> {
  const root = process.env['SystemRoot']; // Windows は、これがないと Node.js が始まりません
  return { FORCE_COLOR: '0', ...(root !== undefined && { SystemRoot: root }) };
}

const unshareFlags = [
  '--map-root-user',
  '--net',
  '--ipc',
  '--uts',
  '--pid',
  '--fork',
  '--kill-child',
  '--',
];

function bubblewrapFlags(readable: readonly string[]): string[] {
  const system = [
    '/usr',
    '/bin',
    '/sbin',
    '/lib',
    '/lib32',
    '/lib64',
    '/etc/ld.so.cache',
    '/nix/store',
  ];
  const node = dirname(dirname(realpathSync(process.execPath)));
  return [
    ...[...system, node].flatMap((path) => ['--ro-bind-try', path, path]),
    ...readable.flatMap((path) => ['--ro-bind', path, path]),
    ...['--proc', '/proc', '--dev', '/dev', '--unshare-all', '--die-with-parent', '--new-session'],
  ];
}

/**
 * この機械で使える、いちばん強い仕組みを選びます。実際に動かして確かめます。
 *
 * @param access - 読んでよいところなど。
 * @returns 仕組み。
 */
export async function chooseSandbox(access: SandboxAccess): Promise<Sandbox> {
  for (const isolation of ['bubblewrap', 'unshare'] as const) {
    const sandbox = new Sandbox(isolation, access);
    const { file, args, env } = sandbox.command(['--eval', '0']);
    try {
      await execute(file, [...args], { env, timeout: 10_000 });
      return sandbox;
    } catch {
      // 入っていないか、許されていないので、次の仕組みを試します
    }
  }
  return new Sandbox('node', access);
}

/**
 * 閉じこめ方を、先生に知らせる文にします。
 *
 * @param isolation - 仕組み。
 * @returns 文。
 */
export function describeIsolation(isolation: Isolation): string {
  const inside = '中では SES が提出のプログラムを区画に閉じこめ、';
  switch (isolation) {
    case 'bubblewrap':
      return `隔離: bubblewrap と Node.js の許可の仕組み。${inside}ファイル、通信、ほかのプログラムに触れません。`;
    case 'unshare':
      return `隔離: unshare と Node.js の許可の仕組み。${inside}通信とほかのプログラムに触れません。bubblewrap を入れると、さらに強くなります。`;
    case 'node':
      return `隔離が弱い環境です: bubblewrap も unshare も使えないので、Node.js の許可の仕組みだけで守ります。${inside}ファイルとほかのプログラムには触れませんが、通信を OS の力では止められません。信頼できない提出は、Linux で採点してください。`;
  }
}
