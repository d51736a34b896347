import { createReadStream, watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, normalize, sep } from 'node:path';
import { errorCode, errorText, print, printNote, UserError } from '#platform';
import { printProblems } from '../problems.ts';
import { buildSite, type BuildOptions, type SiteFiles } from './build.ts';
import { contentType } from './contentTypes.ts';

const settleTime = 60; // ms。続けて保存されたときに、まとめて 1 度だけ作ります
const watched = ['chapters', 'exercises', 'solutions', 'site', 'README.md'];
const ignored = /(?:^|[\\/])(?:dist|\.progress|\.originals)(?:[\\/]|$)|\.test\.ts$|~$|\.tmp/;
const reloadPath = '/.reload';
const reloadScript = `<script>new EventSource('${reloadPath}').onmessage=()=>location.reload()</script>`;

/** 見せているサイト。 */
export interface ServedSite {
  /** はじめのページ。 */
  readonly url: string;
  /** 見せるのと、見張るのをやめます。 */
  close: () => void;
}

/**
 * サイトを手もとで見せ、保存するたびに作り直して、開いているページを読み直させます。
 *
 * @param options - サイトの作り方。
 * @param port - ポート番号。0 なら、空いているものを選びます。
 * @returns 見せているサイト。
 * @throws UserError ポートが使われているとき。
 */
export async function serveSite(options: BuildOptions, port: number): Promise<ServedSite> {
  const open = new Set<ServerResponse>();
  let previous: SiteFiles | undefined;
  const rebuild = async (): Promise<void> => {
    const { pages, faults, files, seconds } = await buildSite({
      ...options,
      extra: reloadScript,
      ...(previous && { previous }),
    });
    if (faults.length > 0) {
      printProblems(faults);
      print('直すところがあるので、前のページを見せています。');
      return;
    }
    previous = files;
    print(`${pages.length} ページを作りました(${seconds.toFixed(2)} 秒)。`);
    for (const response of open) response.write('data: reload\n\n');
  };
  await rebuild();

  const server = createServer((request, response) => {
    if (request.url === reloadPath) {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      response.write('retry: 500\n\n');
      open.add(response);
      response.on('close', () => open.delete(response));
      return;
    }
    send(options.out, request.url ?? '/', response).catch((error: unknown) => {
      printNote(errorText(error));
      response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      reject(
        errorCode(error) === 'EADDRINUSE'
          ? new UserError(
              `ポート ${port} は、ほかのプログラムが使っています。`,
              `npm run site:serve -- --port ${port + 1} のように、別の番号を選んでください。`,
            )
          : error,
      );
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  const watching = new AbortController();
  watchFiles(options.root, watching.signal, rebuild);
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}/`,
    close: () => {
      watching.abort();
      for (const response of open) response.end();
      server.close();
      server.closeAllConnections();
    },
  };
}

function watchFiles(root: string, signal: AbortSignal, rebuild: () => Promise<void>): void {
  let timer: NodeJS.Timeout | undefined;
  let building: Promise<void> = Promise.resolve();
  const notice = (_: string, file: string | null): void => {
    if (file !== null && ignored.test(file)) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      building = building.then(rebuild).catch((error: unknown) => {
        printNote(errorText(error));
      });
    }, settleTime);
  };
  for (const path of watched) {
    watch(join(root, path), { recursive: path !== 'README.md', signal }, notice).on('error', () => {
      printNote(`${path} を見張れません。保存したら、もう一度 npm run site を実行してください。`);
    });
  }
}

async function send(out: string, url: string, response: ServerResponse): Promise<void> {
  const wanted = await findFile(out, url);
  const path = wanted ?? join(out, '404.html');
  response.writeHead(wanted === undefined ? 404 : 200, {
    'content-type': contentType(path),
    'cache-control': 'no-store',
  });
  createReadStream(path)
    .on('error', () => response.destroy())
    .pipe(response);
}

/** フォルダーの外へ出る道は、ないものとして扱います。 */
async function findFile(out: string, url: string): Promise<string | undefined> {
  let path: string;
  try {
    path = normalize(join(out, decodeURIComponent(new URL(url, 'http://localhost').pathname)));
  } catch {
    return undefined;
  }
  if (path !== out && !path.startsWith(out + sep)) return undefined;
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory())
    return findFile(out, `${url.replace(/[?#].*$/, '').replace(/\/?$/, '/')}index.html`);
  return found?.isFile() ? path : undefined;
}
