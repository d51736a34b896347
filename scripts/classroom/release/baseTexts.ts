import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod';
import { hashText } from '../../exercises/catalog.ts';
import { isText, readIfPresent, type Release, type ReleaseFiles } from './releaseFile.ts';
import { isCourseOwned } from './ownership.ts';

/**
 * 学習者が書きかえそうな文章を、1 つのファイルにまとめます。
 *
 * GitHub Classroom は履歴を引き継がず、zip には履歴がないので、更新のときに比べるもとの文章を、いっしょに配ります。
 *
 * @param files - 配るファイル。
 * @returns ファイルの道と中身。同じ文章からは、同じものができます。
 */
export function packBase(files: ReleaseFiles): { path: string; bytes: Buffer } {
  const texts: Record<string, string> = {};
  for (const path of [...files.keys()].sort()) {
    const bytes = files.get(path)!;
    const isDrawn = /\.svg$|\/recorded\//.test(path); // 図と記録は、書きかえて使うものではありません
    if (isText(bytes) && !isDrawn && !isCourseOwned(path)) texts[path] = bytes.toString('utf8');
  }
  const json = JSON.stringify(texts);
  const name = createHash('sha256').update(json).digest('hex').slice(0, 12);
  return { path: `.course/base-${name}.json.gz`, bytes: gzipSync(json, { level: 9 }) };
}

/**
 * まとめた文章を読みます。
 *
 * @param folder - 配った版のフォルダー。
 * @param release - 目録。
 * @returns 道ともとの文章。壊れているものや、ないものは含みません。
 */
export async function readBase(folder: string, release: Release): Promise<Map<string, string>> {
  const packed = await readIfPresent(join(folder, release.base));
  if (packed === undefined) return new Map();
  try {
    const texts = z
      .record(z.string(), z.string())
      .parse(JSON.parse(gunzipSync(packed, { maxOutputLength: 2 ** 27 }).toString('utf8')));
    return new Map(
      Object.entries(texts).filter(([path, text]) => hashText(text) === release.files[path]),
    );
  } catch {
    return new Map(); // もとの文章がなくても、合わせられないファイルを残すだけで、更新は続けられます
  }
}
