/**
 * 演習を手つかずに戻します: `npm run reset -- 01-04`。今のファイルの写しは残ります。
 *
 * @module
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  errorCode,
  fileExists,
  installErrorReporter,
  print,
  projectRoot,
  UserError,
  writeFileAtomic,
} from '#platform';
import { hashText } from './exercises/catalog.ts';
import { parseCommand } from './grading/commandLine.ts';
import { loadExercises, type Exercise } from './grading/exercises.ts';
import { selectOne } from './grading/select.ts';
import { progressFolder, timeStamp } from './grading/state.ts';

installErrorReporter();
const { query } = parseCommand({
  command: 'npm run reset',
  summary: '演習のファイルを、手つかずに戻します。今のファイルの写しは残ります。',
  flags: {},
});
const exercises = await loadExercises(projectRoot);
if (query === undefined) {
  throw new UserError(
    '演習の番号がありません。',
    'npm run reset -- 01-04 のように書いてください。',
  );
}
await reset(selectOne(exercises, query));

async function reset(exercise: Exercise): Promise<void> {
  const { id, name, title, stub, hashes } = exercise;
  const path = join(projectRoot, stub);
  const present = await readFile(path).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error; // 読めないだけなら、写しを残せないまま上から書いてはいけません
  });
  if (present !== undefined && hashText(present.toString()) === hashes.stub) {
    print(`演習 ${id} は、手つかずのままです。何もしませんでした。`);
    return;
  }
  const original = await originalText(exercise);
  if (present !== undefined) {
    const prefix = id.slice(0, -2); // 写しの名前でも章が分かるように、番号を全部書きます
    const backup = `${progressFolder}/backups/${prefix}${name}.${timeStamp()}.ts`;
    await writeFileAtomic(join(projectRoot, backup), present);
    print(`今のファイルの写しを ${backup} に残しました。`);
    print(`  取りもどすには、この写しを ${stub} に上書きしてください。`);
  }
  await writeFileAtomic(path, original);
  print(`${stub}(${title})を、手つかずに戻しました。`);
}

/** もとのファイルの全文。配られた版には、解答の代わりに、もとのファイルの写しが入っています。 */
async function originalText(exercise: Exercise): Promise<string> {
  const { chapter, name, stub, solution } = exercise;
  const kept = join(projectRoot, 'exercises', '.originals', chapter, `${name}.ts`);
  if (await fileExists(kept)) return readFile(kept, 'utf8');
  if (await fileExists(join(projectRoot, solution))) {
    const { originalStub } = await import('./exercises/generate.ts');
    return originalStub(projectRoot, exercise);
  }
  throw new UserError(
    `もとのファイルを作れません(${solution} も、exercises/.originals もありません)。`,
    `git restore ${stub} で戻せるかもしれません。`,
  );
}
