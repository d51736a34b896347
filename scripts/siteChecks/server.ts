import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { contentType } from '../site/contentTypes.ts';

/** 届けたもの。 */
export interface Delivery {
  /** gzip で縮めた、本体のバイト数。 */
  readonly bytes: number;
  /** 頼まれた時刻(1970 年からのミリ秒)。 */
  readonly time: number;
}

/** 手もとの Web サーバー。 */
export interface LocalServer extends AsyncDisposable {
  /** サイトのいちばん上の URL。`/` で終わります。 */
  readonly url: string;
  /** 届けたもの。古い順です。 */
  readonly deliveries: readonly Delivery[];
  /** 届けたものの記録を空にします。 */
  forget(): void;
}

const packed = new Set(['.html', '.css', '.js', '.svg', '.txt', '.xml']);

/**
 * できたサイトを、公開する場所と同じ道の下で、gzip で縮めて配ります。
 *
 * @param folder - サイトのフォルダー。
 * @param baseUrl - サイトを作ったときの、公開する場所。ページの中のこの URL は、配る URL に置きかえます。
 * @returns サーバー。
 */
export async function startServer(folder: string, baseUrl: string): Promise<LocalServer> {
  const { pathname: top } = new URL(baseUrl);
  const deliveries: Delivery[] = [];
  const ready = new Map<string, Buffer | undefined>();
  let url = '';
  const read = async (path: string): Promise<Buffer | undefined> => {
    if (!ready.has(path)) {
      const bytes = await readFile(join(folder, path)).catch(() => undefined);
      const extension = extname(path);
      const shown =
        bytes === undefined || extension !== '.html'
          ? bytes
          : Buffer.from(bytes.toString('utf8').replaceAll(baseUrl, url));
      ready.set(path, shown && packed.has(extension) ? gzipSync(shown) : shown);
    }
    return ready.get(path);
  };
  const server = createServer((request, response) => {
    const time = performance.timeOrigin + performance.now();
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const path = decodeURIComponent(pathname.slice(top.length)) || 'index.html';
    const inside = pathname.startsWith(top) && !path.split('/').includes('..');
    void (inside ? read(path) : Promise.resolve(undefined)).then(async (found) => {
      const shown = found === undefined ? '404.html' : path;
      const body = found ?? (await read(shown)) ?? Buffer.alloc(0);
      const extension = extname(shown);
      const status = found === undefined ? 404 : 200;
      deliveries.push({ bytes: body.length, time });
      response.writeHead(status, {
        'content-type': contentType(shown),
        'content-length': body.length,
        'cache-control': 'no-store',
        ...(packed.has(extension) && { 'content-encoding': 'gzip' }),
      });
      response.end(body);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${top}`;
  return {
    url,
    deliveries,
    forget: () => deliveries.splice(0),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
