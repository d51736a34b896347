import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** サイトが読むファイルひとつ。 */
export interface Asset {
  /** site/dist の assets の中での名前。中身のハッシュを含みます。 */
  readonly name: string;
  readonly text: string;
}

/**
 * 見た目(CSS)と動き(JavaScript)を、それぞれ 1 つのファイルにまとめます。
 *
 * @returns 中身のハッシュを名前に含むファイル。
 */
export async function buildAssets(): Promise<{ css: Asset; js: Asset }> {
  const [css, js] = await Promise.all([
    bundle('style/index.css', 'css'),
    bundle('browser/main.ts', 'js'),
  ]);
  return { css, js };
}

async function bundle(entry: string, extension: 'css' | 'js'): Promise<Asset> {
  const result = await build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    bundle: true,
    minify: true,
    write: false,
    // module の script は file:// から読めないので、普通の script にします。
    format: 'iife',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'silent',
  });
  const { text } = result.outputFiles[0]!;
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 10);
  return { name: `site.${hash}.${extension}`, text };
}
