/**
 * CUDA(NVIDIA の GPU)で計算する TensorFlow を入れます: `npm run setup:gpu`。
 *
 * WebGPU は npm install が入れるので、NVIDIA、AMD、Intel、Apple の GPU は、これを使わなくても動きます。
 * package.json は書きかえません。ほとんどの人に要らない大きなパッケージを、配らないためです。
 *
 * @module
 */
import { spawn } from 'node:child_process';
import { color, installedVersion, installErrorReporter, print, UserError } from '#platform';

installErrorReporter();

// CUDA 版があるのは、NVIDIA の GPU を使える Linux と Windows だけです
const cudaSystems = ['linux-x64', 'win32-x64'];
const system = `${process.platform}-${process.arch}`;
const elsewhere = 'npm run chapter -- 02-2 --device gpu なら、WebGPU で GPU を使えます。';
if (!cudaSystems.includes(system)) {
  throw new UserError(`CUDA 版の TensorFlow は、この機械(${system})にはありません。`, elsewhere);
}

const packageName = '@tensorflow/tfjs-node-gpu';
const args = `install --no-save ${packageName}@${installedVersion('@tensorflow/tfjs') ?? '4.22.0'}`;
print(`${packageName} を入れます(数百 MB あります)。`);
print(color.dim(`npm ${args}`));
// Windows の npm はコマンドファイルなので、シェルを通さないと動きません。引数はこのファイルの定数だけです
const child = spawn(`npm ${args}`, { shell: true, stdio: 'inherit' });
const code = await new Promise((resolve) => child.on('close', resolve));
if (code !== 0) {
  throw new UserError(
    `${packageName} を入れられませんでした。`,
    `ネットワークとディスクの空きを確かめてください。入らなくても、${elsewhere}`,
  );
}
print(`${color.green('✔')} 入りました。CUDA の GPU が見つかれば、--device gpu はこれを使います。`);
print('見つかったかどうかは、npm run chapter -- 00 で分かります。');
print('npm install や npm ci を実行すると消えるので、そのときは、もう一度入れてください。');
