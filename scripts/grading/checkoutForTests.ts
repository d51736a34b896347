/**
 * 採点のテストで使う、小さな教材です。本物の採点のプログラムを、写しの中で動かします。
 *
 * @module
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { projectRoot } from '#platform';
import { hashText } from '../exercises/catalog.ts';
import type { Manifest } from '../exercises/manifest.ts';
import { exportedNames, makeStub } from '../exercises/stub.ts';
import { copyCheckout } from './checkout.ts';

/** 小さな教材に置く演習。 */
export interface SampleExercise {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  /** 解答。省くと、2 つの数を足す関数です。 */
  readonly solution?: string;
  /** 採点。 */
  readonly spec?: string;
  /** 学習者が書いたもの。`null` ならファイルを消し、省くと手つかずのままです。 */
  readonly answer?: string | null;
}

/** 小さな教材。 */
export interface SampleCheckout {
  /** いちばん上のフォルダー。名前に空白と日本語が入っています。 */
  readonly root: string;
  /** ファイルを書きます。 */
  readonly write: (path: string, text: string) => Promise<void>;
  /** ファイルを読みます。 */
  readonly read: (path: string) => Promise<string>;
  /** コマンドを動かします。 */
  readonly run: (script: string, ...args: string[]) => Promise<Finished>;
  /** コマンドを始めます。 */
  readonly start: (script: string, ...args: string[]) => ChildProcess;
  /** 消します。 */
  readonly remove: () => Promise<void>;
}

/** 終わったコマンド。 */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const chapters: Readonly<Record<string, string>> = {
  '00': '00-introduction',
  '01': '01-fully-connected',
  '02-1': '02-1-cnn-cpu',
};

/** 2 つの数を足す関数の解答。 */
export const addSolution = [
  'export function add(a: number, b: number): number {',
  '  // #region answer',
  '  return a + b;',
  '  // #endregion',
  '}',
  '',
].join('\n');

/** 足し算を、3 つのテストで確かめる採点。 */
function addSpec(name: string): string {
  return `import { describe, it } from 'vitest';
import { checkCall } from '#grading';
import { add } from './${name}.ts';

describe('add', () => {
  it('0 を足す', () => {
    checkCall({ fn: add, args: [0, 0], expected: 0 });
  });
  it('例のとおりになる', () => {
    checkCall({ fn: add, args: [2, 3], expected: 5, causes: [['引いているようです。', -1]] });
  });
  it('負の数も足せる', () => {
    checkCall({ fn: add, args: [2, -3], expected: -1 });
  });
});
`;
}

/**
 * 小さな教材を、一時フォルダーに作ります。
 *
 * @param exercises - 置く演習。
 * @returns 教材。
 */
export async function makeCheckout(exercises: readonly SampleExercise[]): Promise<SampleCheckout> {
  const parent = await mkdtemp(join(tmpdir(), 'grading-'));
  const root = join(parent, '教材 の 写し');
  await copyCheckout(projectRoot, root, [
    'datasets',
    'scripts',
    'exercises/support',
    'chapters/support',
  ]);
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  };
  const manifest: Manifest = { exercises: [] };
  for (const exercise of exercises) {
    const { id, name, title, solution = addSolution, spec = addSpec(name), answer } = exercise;
    const header = `/**\n * ${id} ${title}\n *\n * 足してください。\n *\n * @module\n */\n`;
    const master = header + solution;
    const stub = makeStub(master, id);
    const hints = `# ${id} ${title}のヒント\n\n## ヒント 1\n\n足します。\n\n## ヒント 2\n\n\`+\` を使います。\n\n## ヒント 3\n\n\`\`\`ts\nreturn a + …;\n\`\`\`\n`;
    const chapter = chapters[id.slice(0, -3)]!;
    if (answer !== null) await write(`exercises/${chapter}/${name}.ts`, answer ?? stub);
    await write(`exercises/${chapter}/${name}.spec.ts`, spec);
    await write(`exercises/${chapter}/${name}.hints.md`, hints);
    await write(`solutions/${chapter}/${name}.ts`, master);
    manifest.exercises.push({
      ...{ id, chapter, name, title, stars: 1, minutes: 5, exports: exportedNames(stub) },
      hashes: {
        stub: hashText(stub),
        spec: hashText(spec),
        hints: hashText(hints),
        solution: hashText(master),
      },
    });
  }
  await write('exercises/manifest.json', JSON.stringify(manifest));
  const start = (script: string, ...args: string[]): ChildProcess => {
    const loader = script.endsWith('.ts') ? ['--import', 'tsx'] : [];
    return spawn(process.execPath, [...loader, join(root, 'scripts', script), ...args], {
      cwd: script.endsWith('.ts') ? root : parent, // どのフォルダーからでも動きます
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, INIT_CWD: undefined },
    });
  };
  return {
    root,
    write,
    read: (path) => readFile(join(root, path), 'utf8'),
    start,
    run: (script, ...args) => finish(start(script, ...args)),
    remove: () => rm(parent, { recursive: true, force: true }),
  };
}

function finish(child: ChildProcess): Promise<Finished> {
  let stdout = '';
  let stderr = '';
  child.stdout!.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr!.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({ code, stdout, stderr });
    });
  });
}
