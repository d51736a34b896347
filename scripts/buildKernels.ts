/**
 * 学習用カーネル(AssemblyScript)を WebAssembly にし、chapters/support/kernels/built に置きます。
 *
 * `npm run kernels:build` で作り直し、`--check` を付けると作り直した結果と置いてあるものを比べます。
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import asc from 'assemblyscript/asc';

const kernelsDirectory = join(import.meta.dirname, '..', 'chapters', 'support', 'kernels');
const assemblyDirectory = join(kernelsDirectory, 'assembly');
const builtFile = join(kernelsDirectory, 'built', 'kernelBinaries.ts');

const compilerOptions = [
  ['-O3', '--noAssert', '--runtime', 'stub'],
  ['--importMemory', '--initialMemory', '1'],
  ['--use', 'abort=', '--disableWarning', '112'],
].flat();

/** AssemblyScript を 1 回コンパイルし、wasm のバイト列を返します。 */
async function compile(features: string): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    ['index.ts', ...compilerOptions, '--enable', features, '--outFile', 'kernels.wasm'],
    {
      readFile: async (name) => {
        try {
          return await readFile(join(assemblyDirectory, name), 'utf8');
        } catch {
          return null;
        }
      },
      writeFile: (_name, contents) => {
        if (typeof contents !== 'string') binary = contents;
      },
      listFiles: () => [],
    },
  );
  if (error !== null || binary === undefined) {
    throw new Error(
      `カーネルをコンパイルできませんでした。\n${(stderr as { toString(): string }).toString()}`,
    );
  }
  assertNoData(binary);
  return binary;
}

/**
 * 初期データ(data セクション、番号 11)がないことを確かめます。
 *
 * メモリーは TF.js のものを借りるので、初期データがあると TF.js の変数を上書きしてしまいます。
 */
function assertNoData(binary: Uint8Array): void {
  let at = 8;
  while (at < binary.length) {
    const section = binary[at++]!;
    let size = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = binary[at++]!;
      size |= (byte & 127) << shift;
      if (byte < 128) break;
    }
    if (section === 11) {
      throw new Error(
        'カーネルが初期データを持っています。表や文字列を使わない書き方に直してください。',
      );
    }
    at += size;
  }
}

/** built/kernelBinaries.ts の中身を作ります。同じソースからはいつも同じ文字列になります。 */
async function render(): Promise<string> {
  const plain = Buffer.from(await compile('simd')).toString('base64');
  const relaxed = Buffer.from(await compile('simd,relaxed-simd')).toString('base64');
  return [
    '// 生成されたファイルです。`npm run kernels:build` が assembly/ から作ります。手で直さないでください。',
    '',
    '/** 学習用カーネル(WebAssembly SIMD)を base64 にしたもの。 */',
    `export const plainKernels =\n  '${plain}';`,
    '',
    '/** 学習用カーネル(relaxed SIMD: 積和を 1 命令で計算)を base64 にしたもの。 */',
    `export const relaxedKernels =\n  '${relaxed}';`,
    '',
  ].join('\n');
}

async function main(): Promise<void> {
  const rendered = await render();
  if (!process.argv.includes('--check')) {
    await writeFile(builtFile, rendered);
    console.log('chapters/support/kernels/built/kernelBinaries.ts を作りました。');
    return;
  }
  const current = await readFile(builtFile, 'utf8').catch(() => '');
  if (current.replaceAll('\r\n', '\n') !== rendered) {
    console.error(
      'chapters/support/kernels/built がソースと合っていません。`npm run kernels:build` を実行してください。',
    );
    process.exitCode = 1;
    return;
  }
  console.log('学習用カーネルはソースと一致しています。');
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await main();
}
