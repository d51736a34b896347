/**
 * 解答から、学習者が書くファイルなどを作ります: `npm run exercises:sync`。`--check` なら、違いを調べるだけです。
 *
 * @module
 */
import { join } from 'node:path';
import { installErrorReporter, parseOptions, print, projectRoot, writeFileAtomic } from '#platform';
import { hashText, readExerciseFile } from './exercises/catalog.ts';
import { generateExercises } from './exercises/generate.ts';
import { manifestPath, manifestSchema } from './exercises/manifest.ts';

installErrorReporter();
const { values } = parseOptions({
  command: 'npm run exercises:sync --',
  summary: '解答から、学習者が書くファイルと、演習の一覧を作ります。',
  options: { check: { type: 'flag', help: '書きこまず、違いがあるかどうかだけを調べます。' } },
});
const { files, faults } = await generateExercises(projectRoot);
for (const fault of faults) print(`✘ ${fault}`);
const generatedBefore = await readGeneratedHashes();
let stale = 0;
for (const { path, text } of files) {
  const present = await readExerciseFile(projectRoot, path);
  if (present === text) continue;
  stale++;
  // 前に作ったものと違うなら、だれかが答えを書いています。消してはいけません
  if (isStub(path) && present !== undefined && !generatedBefore.has(hashText(present))) {
    print(`✘ ${path} には答えが書かれているので、そのままにしました。`);
    print('  → 手つかずに戻すには、npm run reset -- 番号 を使います(写しが残ります)。');
    process.exitCode = 1;
  } else if (values.check) {
    print(`✘ ${path} が、解答と合っていません。npm run exercises:sync で作り直せます。`);
    process.exitCode = 1;
  } else {
    await writeFileAtomic(join(projectRoot, path), text);
    print(`書きました: ${path}`);
  }
}
if (stale === 0) print(`${files.length} 個のファイルは、解答と合っています。`);
if (faults.length > 0) process.exitCode = 1;

async function readGeneratedHashes(): Promise<ReadonlySet<string>> {
  const text = await readExerciseFile(projectRoot, manifestPath);
  if (text === undefined) return new Set();
  try {
    const { exercises } = manifestSchema.parse(JSON.parse(text));
    return new Set(exercises.map(({ hashes }) => hashes.stub));
  } catch {
    return new Set(); // 壊れた一覧は作り直します。どれが手つかずか分からないので、答えのあるファイルは残します
  }
}

function isStub(path: string): boolean {
  return path.endsWith('.ts');
}
