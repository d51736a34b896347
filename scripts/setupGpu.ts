/**
 * GPU で学習するためのパッケージを入れます: `npm run setup:gpu`。
 *
 * package.json は書きかえません。GPU を使わない人に、大きなパッケージを配らないためです。
 *
 * @module
 */
import { spawn } from 'node:child_process';
import { color, installedVersion, installErrorReporter, print, UserError } from '#platform';

installErrorReporter();

const tfjsVersion = installedVersion('@tensorflow/tfjs') ?? '4.22.0';
const webGpuPackages = ['webgpu@0.6.2', `@tensorflow/tfjs-backend-webgpu@${tfjsVersion}`];
const cudaPackages = [`@tensorflow/tfjs-node-gpu@${tfjsVersion}`];
// CUDA 版があるのは、NVIDIA の GPU を使える Linux と Windows だけです
const cudaSystems = ['linux-x64', 'win32-x64'];

/** npm install を、package.json を変えずに走らせます。 */
async function install(packages: readonly string[]): Promise<boolean> {
  print(color.dim(`npm install --no-save ${packages.join(' ')}`));
  // Windows の npm はコマンドファイルなので、シェルを通さないと動きません。引数はこのファイルの定数だけです
  const child = spawn(['npm', 'install', '--no-save', ...packages].join(' '), {
    shell: true,
    stdio: 'inherit',
  });
  return new Promise((resolve) => {
    child.on('close', (code) => {
      resolve(code === 0);
    });
  });
}

print('GPU 用のパッケージを入れます(数百 MB あります)。');
if (!(await install(webGpuPackages))) {
  throw new UserError(
    'WebGPU のパッケージを入れられませんでした。',
    'ネットワークとディスクの空きを確かめて、もう一度実行してください。',
  );
}
print(`${color.green('✔')} WebGPU(NVIDIA、AMD、Intel、Apple の GPU)を使えるようにしました。`);

if (cudaSystems.includes(`${process.platform}-${process.arch}`)) {
  // npm install --no-save は、記録にないパッケージを消すので、先に入れたものも並べます
  if (await install([...webGpuPackages, ...cudaPackages])) {
    print(`${color.green('✔')} CUDA(NVIDIA の GPU)版も入れました。`);
  } else {
    print(
      `${color.yellow('!')} CUDA 版は入れられませんでした。WebGPU だけでも GPU で学習できます。`,
    );
    if (!(await install(webGpuPackages))) process.exitCode = 1;
  }
}
print('npm run chapter -- 01 --device gpu で試せます。');
print(
  'npm install や npm ci を実行すると消えるので、そのときはこのコマンドをもう一度実行してください。',
);
