/**
 * 使える仕組みのすべてで、1ステップの学習時間を測ります: `npm run bench`。
 *
 * 仕組みどうしが影響しないように、1つずつ別のプロセスで測ります。
 * `--profile` では、章が選ぶ仕組みで、1ステップの時間がどこに使われたかを測ります。
 * `--grading` では、演習の採点にかかる時間を測ります。`--class 10` では、10 人分の提出で、クラスの採点の時間を測ります。
 *
 * @module
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import {
  color,
  describeMachine,
  displayPath,
  errorText,
  installErrorReporter,
  joinPath,
  padDisplay,
  parseOptions,
  print,
  projectRoot,
  today,
  UserError,
  writeFileAtomic,
} from '#platform';
import { buildNetwork as buildFullyConnected } from '../chapters/01-fully-connected/network.ts';
import { buildNetwork as buildConvolutional } from '../chapters/02-1-cnn-cpu/network.ts';
import { useDevice, type DeviceName } from '../chapters/support/backend/index.ts';
import { engines, missingPackage } from '../chapters/support/backend/engines.ts';
import { timeTrainingStep } from '../chapters/support/backend/timing.ts';
import { benchClass } from './bench/classroom.ts';
import { benchGrading } from './bench/grading.ts';
import { profileTable, profileTraining } from './bench/profile.ts';

interface Row {
  engine: string;
  net: string;
  batchSize: number;
  ms: number;
}

const networks = { fc: () => buildFullyConnected(), cnn: () => buildConvolutional() };
const networkNames: Readonly<Record<string, string>> = {
  fc: '全結合(fc)',
  cnn: '畳み込み(cnn)',
};

installErrorReporter();
const { values: options } = parseOptions({
  command: 'npm run bench --',
  summary:
    '全結合(fc)と畳み込み(cnn)のネットワークで、1ステップの学習時間(ミリ秒、中央値)を測ります。',
  options: {
    batchSizes: { type: 'text', default: '4,32,128', help: 'バッチサイズをカンマで並べます。' },
    steps: { type: 'integer', default: 200, min: 5, help: '1つの組で測るステップ数。' },
    engine: {
      type: 'choice',
      choices: engines.map(({ id }) => id),
      help: '1つの仕組みだけを測ります。',
    },
    peer: { type: 'text', help: 'PyTorch の入った Python。並べて測ります。' },
    rows: { type: 'flag', help: '結果を1行ずつの JSON で出します(--engine とともに使います)。' },
    profile: { type: 'flag', help: '1ステップの時間の内訳を測ります。' },
    grading: { type: 'flag', help: '演習の採点にかかる時間を測ります。' },
    class: {
      type: 'integer',
      min: 1,
      max: 1000,
      help: 'この人数分の提出で、クラスの採点にかかる時間を測ります。',
    },
    allowSoftwareGpu: { type: 'flag', help: 'ソフトウェアによる GPU のまねも測ります。' },
  },
});
const batchSizes = options.batchSizes.split(',').map(Number);
if (!batchSizes.every((size) => Number.isSafeInteger(size) && size > 0)) {
  throw new UserError(
    `--batch-sizes に「${options.batchSizes}」は使えません。`,
    '4,32,128 のように、1 以上の整数をカンマで並べてください。',
  );
}

if (options.profile && (options.rows || options.peer !== undefined)) {
  throw new UserError('--profile は、--rows や --peer といっしょに使えません。');
}
if (options.class !== undefined) await benchClass(projectRoot, options.class);
else if (options.grading) await benchGrading(projectRoot);
else if (options.profile) await profileHere(options.engine);
else if (options.rows) await measureHere(options.engine);
else await measureAll();

/** このプロセスで、1ステップの時間の内訳を測ります。仕組みは、指定がなければ章が選ぶものです。 */
async function profileHere(id: string | undefined): Promise<void> {
  const machine = describeMachine();
  print(`${machine.cpu}、${machine.cores} コア、${machine.runtime}、${today()}`);
  const { name, device } = await startForProfile(id);
  for (const [net, build] of Object.entries(networks)) {
    for (const batchSize of batchSizes) {
      const probe = { name: net, batchSize, optimizer: 'momentum', build } as const;
      const profile = await profileTraining(probe, { warmUp: 200, steps: options.steps });
      print(`\n${color.bold(`${networkNames[net]!}、バッチ ${batchSize}、${name}`)}`);
      for (const line of profileTable(profile)) print(line);
    }
  }
  if (device === 'gpu') {
    print(
      '\nGPU では、カーネルの時間は計算を頼むのにかかった時間です。計算そのものは「結果を待つ」に入ります。',
    );
  }
  process.exit(0); // WebGPU は、自分では終わりません
}

async function startForProfile(
  id: string | undefined,
): Promise<{ name: string; device: DeviceName }> {
  const engine = engines.find((candidate) => candidate.id === id);
  if (engine !== undefined) {
    const { note } = await engine.start({ allowSoftwareGpu: options.allowSoftwareGpu });
    const name = note === undefined ? engine.id : `${engine.id}(${note})`;
    return { name, device: engine.device };
  }
  const chosen = await useDevice('auto', {
    probe: {
      name: '01-fully-connected',
      batchSize: 32,
      optimizer: 'momentum',
      build: networks.fc,
    },
  });
  return { name: chosen.engine, device: chosen.device };
}

/** このプロセスで1つの仕組みを測り、1行ずつ出します。 */
async function measureHere(id: string | undefined): Promise<void> {
  const engine = engines.find((candidate) => candidate.id === id);
  if (engine === undefined) throw new UserError('--rows には --engine が要ります。');
  await engine.start({ allowSoftwareGpu: options.allowSoftwareGpu });
  for (const [net, build] of Object.entries(networks)) {
    for (const batchSize of batchSizes) {
      const probe = { name: net, batchSize, optimizer: 'momentum', build } as const;
      const { median: ms } = await timeTrainingStep(probe, {
        ...{ warmUp: 200, warmUpTime: 0 },
        ...{ minSteps: 3, maxSteps: options.steps, timeLimit: 60_000 },
      });
      print(JSON.stringify({ engine: engine.id, net, batchSize, ms } satisfies Row));
    }
  }
  process.exit(0); // WebGPU は、自分では終わりません
}

/** 仕組みを1つずつ別のプロセスで測り、表にします。 */
async function measureAll(): Promise<void> {
  const rows: Row[] = [];
  const machine = describeMachine();
  print(`${machine.cpu}、${machine.cores} コア、${machine.runtime}、${today()}`);
  const collect = async (label: string, command: string, args: string[]): Promise<void> => {
    print(color.dim(`${label} を測っています…`));
    try {
      rows.push(...(await runRows(command, args)));
    } catch (error) {
      print(`${color.yellow('!')} ${label} は測れませんでした(${errorText(error)})。`);
    }
  };
  for (const engine of engines) {
    if (options.engine !== undefined && engine.id !== options.engine) continue;
    const missing = missingPackage(engine);
    if (missing !== undefined) {
      print(color.dim(`${engine.id} は、${missing} が入っていないので測りません。`));
      continue;
    }
    // JavaScript だけの計算は遅いので、名指しされたときだけ測ります
    if (engine.id === 'cpu' && options.engine === undefined) continue;
    const args = [
      '--import',
      'tsx',
      fileURLToPath(import.meta.url),
      '--rows',
      '--engine',
      engine.id,
    ];
    args.push('--batch-sizes', options.batchSizes, '--steps', String(options.steps));
    if (options.allowSoftwareGpu) args.push('--allow-software-gpu');
    await collect(engine.id, process.execPath, args);
  }
  if (options.peer !== undefined) {
    const script = joinPath(projectRoot, 'scripts', 'bench', 'peer.py');
    for (const net of Object.keys(networks)) {
      await collect(`PyTorch ${net}`, options.peer, [script, net, ...batchSizes.map(String)]);
    }
  }
  printTable(rows);
  const path = joinPath(projectRoot, 'outputs', 'bench.json');
  await writeFileAtomic(path, `${JSON.stringify({ date: today(), machine, rows }, null, 1)}\n`);
  print(`${displayPath(path)} に書きました。`);
}

async function runRows(command: string, args: string[]): Promise<Row[]> {
  const child = spawn(command, args, { cwd: projectRoot, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  const rows = output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Row);
  if (code !== 0 && rows.length === 0) {
    throw new Error(
      errors
        .trim()
        .split('\n')
        .find((line) => line.includes('✘')) ?? errors.trim(),
    );
  }
  return rows;
}

function printTable(rows: readonly Row[]): void {
  const names = [...new Set(rows.map(({ engine }) => engine))];
  const columns = Object.keys(networks).flatMap((net) => batchSizes.map((size) => ({ net, size })));
  const width = Math.max(12, ...names.map((name) => name.length + 2));
  print(
    padDisplay('ms/ステップ', width) +
      columns.map(({ net, size }) => padDisplay(`${net} b${size}`, 10, 'right')).join(''),
  );
  for (const name of names) {
    const cells = columns.map(({ net, size }) => {
      const row = rows.find((r) => r.engine === name && r.net === net && r.batchSize === size);
      return padDisplay(row === undefined ? '—' : row.ms.toFixed(2), 10, 'right');
    });
    print(padDisplay(name, width) + cells.join(''));
  }
}
