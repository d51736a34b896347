import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import yauzl from 'yauzl';
import {
  errorText,
  fileExists,
  formatBytes,
  InterruptedError,
  listFiles,
  makeTempDir,
  removePath,
  UserError,
} from '#platform';
import { lastLine, tryGit } from './git.ts';
import { isInsidePath, readRelease, releaseFile, type Release } from './releaseFile.ts';

const totalLimit = 500_000_000; // バイト。壊れた zip で、ディスクをいっぱいにしないためです

/** 手もとに用意した、新しい版。 */
export interface IncomingRelease {
  readonly folder: string;
  readonly release: Release;
  /** 片づけます。 */
  readonly remove: () => Promise<void>;
}

/**
 * 新しい版を、手もとに用意します。
 *
 * @param place - git の URL、フォルダー、zip のどれか。
 * @param signal - 止める合図。
 * @returns 新しい版。
 * @throws UserError 受けとれないか、配る版でないとき。
 */
export async function fetchRelease(place: string, signal: AbortSignal): Promise<IncomingRelease> {
  const work = await makeTempDir(join(tmpdir(), 'class-update'));
  const remove = (): Promise<void> => removePath(work);
  try {
    const folder = await prepare(place, join(work, 'release'), signal);
    const release = await readRelease(folder);
    if (release === undefined) {
      throw new UserError(
        `${place} は、学習者の版ではありません(${releaseFile} がありません)。`,
        '先生から受けとったフォルダーか zip を指定してください。',
      );
    }
    return { folder, release, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function prepare(place: string, target: string, signal: AbortSignal): Promise<string> {
  if (/\.zip$/i.test(place)) {
    await unzip(place, target);
    // zip を開くと、フォルダーが 1 つできます
    const names = await listFiles(target);
    return names.length === 1 && !(await fileExists(join(target, releaseFile)))
      ? join(target, names[0]!)
      : target;
  }
  if (await fileExists(join(place, releaseFile))) return place;
  if (place.startsWith('-')) {
    throw new UserError(`「${place}」からは受けとれません。`, '場所の名前を確かめてください。');
  }
  const args = ['clone', '--quiet', '--depth', '1', '--', place, target];
  const { code, stderr } = await tryGit(dirname(target), args, { signal }).catch(
    (error: unknown) => {
      if (signal.aborted) throw new InterruptedError('教材は変わっていません。');
      throw error;
    },
  );
  if (code === 0) return target;
  const zip =
    '先生から zip を受けとり、npm run class:update -- 新しい版.zip と打つこともできます。';
  if (code === 127) throw new UserError('git がないので、新しい版を受けとれません。', zip);
  throw new UserError(
    `${place} から、新しい版を受けとれませんでした(${lastLine(stderr)})。`,
    `ネットワークと、GitHub にログインしていることを確かめてください。${zip}`,
  );
}

async function unzip(path: string, target: string): Promise<void> {
  let total = 0;
  try {
    const zip = await yauzl.openPromise(path); // 外を指す名前は、yauzl が断ります
    for await (const entry of zip.eachEntry()) {
      const { fileName } = entry;
      if (fileName.endsWith('/') || fileName.startsWith('__MACOSX/')) continue;
      total += entry.uncompressedSize;
      if (!isInsidePath(fileName)) throw new Error(`使えない名前: ${fileName}`);
      if (total > totalLimit) throw new Error(`${formatBytes(totalLimit)} を超えています`);
      const chunks: Buffer[] = [];
      for await (const chunk of await zip.openReadStreamPromise(entry)) {
        chunks.push(chunk as Buffer);
      }
      await mkdir(dirname(join(target, fileName)), { recursive: true });
      await writeFile(join(target, fileName), Buffer.concat(chunks));
    }
  } catch (error) {
    throw new UserError(
      `${path} を開けません(${errorText(error)})。`,
      'zip の場所を確かめ、もう一度受けとってください。',
      { cause: error },
    );
  }
}
