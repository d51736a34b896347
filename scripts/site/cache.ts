import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listFiles, projectRoot, readText, removePath, writeFileAtomic } from '#platform';

/** 同じプロセスの中では、ファイルからも読み直しません。 */
const memory = new Map<string, string>();

/** 作ったページを、もとになったものの中身のハッシュで覚えておきます。 */
export class PageCache {
  readonly #folder: string;
  readonly #base: string;
  readonly #used = new Set<string>();

  private constructor(folder: string, base: string) {
    this.#folder = folder;
    this.#base = base;
  }

  /**
   * 覚えたものを開きます。サイトを作るプログラムや用語集が変われば、前のものは使いません。
   *
   * @param root - リポジトリのいちばん上。
   * @param shared - どのページにも関わるもの。
   * @returns 覚えたもの。
   */
  static async open(root: string, shared: unknown): Promise<PageCache> {
    const hash = createHash('sha256').update(JSON.stringify(shared));
    for (const file of await programFiles()) hash.update(await readFile(file));
    return new PageCache(join(root, '.cache', 'site'), hash.digest('hex'));
  }

  /**
   * 覚えていればそれを、なければ作って返します。
   *
   * @param inputs - もとになるもの。同じなら、同じ結果になること。
   * @param make - 作る関数。
   * @param keep - 覚えてよい結果か。
   * @returns 結果。
   */
  async get<T>(inputs: unknown, make: () => Promise<T>, keep: (made: T) => boolean): Promise<T> {
    const key = createHash('sha256')
      .update(JSON.stringify([this.#base, inputs]))
      .digest('hex');
    const path = join(this.#folder, `${key}.json`);
    this.#used.add(`${key}.json`);
    const stored = memory.get(path) ?? (await readText(path).catch(() => undefined));
    if (stored !== undefined) {
      try {
        const value = JSON.parse(stored) as T;
        memory.set(path, stored);
        return value;
      } catch {
        // 壊れていれば、作り直します
      }
    }
    const made = await make();
    if (keep(made)) {
      const text = JSON.stringify(made);
      memory.set(path, text);
      await writeFileAtomic(path, text);
    }
    return made;
  }

  /** 今回使わなかったものを消します。 */
  async prune(): Promise<void> {
    for (const name of await listFiles(this.#folder)) {
      if (name.endsWith('.json') && !this.#used.has(name))
        await removePath(join(this.#folder, name));
    }
  }
}

async function programFiles(): Promise<string[]> {
  const folders = ['scripts/site', 'scripts/site/markdown'].map((name) => join(projectRoot, name));
  const own = await Promise.all(
    folders.map(async (folder) =>
      (await listFiles(folder))
        .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
        .map((name) => join(folder, name)),
    ),
  );
  const shared = ['slug.ts', 'markers.ts', 'exercises/catalog.ts', 'grading/hints.ts'];
  return [
    ...own.flat(),
    ...shared.map((name) => join(projectRoot, 'scripts', name)),
    join(projectRoot, 'package-lock.json'),
  ];
}
