import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InterruptedError, UserError } from '#platform';
import { loadCifar10, type Cifar10Options } from './cifar10.ts';
import { DataUnavailableError } from './downloadProblems.ts';
import {
  describeArchive,
  officialEntries,
  packTarGz,
  smallFiles,
  type TarEntry,
} from './fixtures/smallCifar10.ts';

const files = smallFiles();
const body = packTarGz(officialEntries(files));
const archive = describeArchive(body);
const folderName = 'cifar-10-batches-bin';
const partName = 'cifar-10-binary.tar.gz.part';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

let cacheDir: string;
let reports: string[];
let ranges: (string | undefined)[];
let closeServers: (() => void)[];

beforeEach(async () => {
  vi.stubEnv('CIFAR10_DIR', undefined);
  vi.stubEnv('CIFAR10_URL', undefined);
  cacheDir = await mkdtemp(join(tmpdir(), 'download-'));
  reports = [];
  ranges = [];
  closeServers = [];
});
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const close of closeServers) close();
  await rm(cacheDir, { recursive: true, force: true });
});

/** 本物の HTTP サーバーを立て、何番目の要求にはどう答えるかを並べます。最後のものは何度でも使います。 */
async function serve(...handlers: Handler[]): Promise<string> {
  const server = createServer((request, response) => {
    const handler = handlers[Math.min(ranges.length, handlers.length - 1)]!;
    ranges.push(request.headers.range);
    handler(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closeServers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as { port: number };
  return `http://127.0.0.1:${port}/cifar-10-binary.tar.gz`;
}

/** Range に答える、ふつうのサーバー。 */
function whole(content: Uint8Array = body): Handler {
  return (request, response) => {
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? -1);
    if (start < 0) {
      response.writeHead(200, { 'content-length': content.length }).end(content);
      return;
    }
    const rest = content.subarray(start);
    const range = `bytes ${start}-${content.length - 1}/${content.length}`;
    response.writeHead(206, { 'content-length': rest.length, 'content-range': range }).end(rest);
  };
}

/** `count` バイトを送ったあと、接続を切るサーバー。 */
function cutAfter(count: number): Handler {
  return (_request, response) => {
    response.writeHead(200, { 'content-length': body.length });
    response.write(body.subarray(0, count), () => setTimeout(() => response.destroy(), 50));
  };
}

/** `count` バイトを送ったあと、黙ってしまうサーバー。 */
function stallAfter(count: number): Handler {
  return (_request, response) => {
    response.writeHead(200, { 'content-length': body.length });
    response.write(body.subarray(0, count));
  };
}

function answer(status: number, type = 'text/plain', text = 'ないです'): Handler {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': type }).end(text);
  };
}

function load(url: string, options: Cifar10Options = {}) {
  return loadCifar10({
    url,
    cacheDir,
    archive,
    retryDelay: 10,
    report: (line) => reports.push(line),
    ...options,
  });
}

async function failure(url: string, options: Cifar10Options = {}): Promise<UserError> {
  const error: unknown = await load(url, options).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(UserError);
  return error as UserError;
}

const cached = async () => (await readdir(cacheDir)).sort();

async function expectComplete(): Promise<void> {
  expect(await cached()).toEqual([folderName]);
  for (const [name, bytes] of files) {
    expect(Buffer.compare(await readFile(join(cacheDir, folderName, name)), bytes)).toBe(0);
  }
}

describe('CIFAR-10 のダウンロード', () => {
  it('受信し、展開し、フォルダーだけを残す。2 回目は通信しない', async () => {
    const url = await serve(whole());
    const { trainSet } = await load(url);
    expect(trainSet.size).toBe(50);
    await expectComplete();
    expect(reports).toHaveLength(1);
    expect(reports[0]).toContain('--dataset shapes10');
    await load(url);
    expect(ranges).toEqual([undefined]);
  });

  it('転送先を案内するサーバーにも従う', async () => {
    const real = await serve(whole());
    ranges.length = 0;
    const url = await serve((_request, response) => {
      response.writeHead(302, { location: real }).end();
    });
    await load(url);
    await expectComplete();
  });

  it('途中で切れたら、続きから受信する', async () => {
    await load(await serve(cutAfter(50_000), whole()));
    await expectComplete();
    expect(ranges).toEqual([undefined, 'bytes=50000-']);
    expect(reports[1]).toBe(
      '受信が途切れました(接続が切れました)。50.0 kB の続きから受信します(1/3 回目)。',
    );
  });

  it('黙ったまま動かなくなったら、つなぎ直す', async () => {
    await load(await serve(stallAfter(60_000), whole()), { stallTimeout: 300 });
    await expectComplete();
    expect(reports[1]).toContain('0.3 秒の間、何も届きません');
  });

  it('前の実行で受信した分の、続きから受信する', async () => {
    await writeFile(join(cacheDir, partName), body.subarray(0, 70_000));
    await load(await serve(whole()));
    await expectComplete();
    expect(ranges).toEqual(['bytes=70000-']);
    expect(reports).toHaveLength(1);
    expect(reports[0]).toMatch(/^CIFAR-10\([\d.]+ kB\)の続き\(残り [\d.]+ kB\)を 127\.0\.0\.1/);
  });

  it('4 回続けて切れたら、何をすればよいかを言って止まる', async () => {
    const cutEvery: Handler = (request, response) => {
      if (request.headers.range === undefined) cutAfter(40_000)(request, response);
      else response.destroy();
    };
    const error = await failure(await serve(cutEvery), { retryDelay: 1 });
    expect(error).toBeInstanceOf(DataUnavailableError);
    expect(ranges).toHaveLength(4);
    expect(await cached()).toEqual([partName]);
    expect(error.advice).toContain('CIFAR10_DIR');
  });

  it('続きに対応していないサーバーなら、はじめから受信する', async () => {
    await writeFile(join(cacheDir, partName), body.subarray(0, 70_000));
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': body.length }).end(body);
    });
    await load(url);
    await expectComplete();
    expect(reports[0]).toContain('はじめから受信します');
  });

  it('続きの位置を断られたら(416)、はじめから受信する', async () => {
    await writeFile(join(cacheDir, partName), body.subarray(0, 70_000));
    await load(await serve(answer(416), whole()));
    await expectComplete();
    expect(ranges).toEqual(['bytes=70000-', undefined]);
  });

  it('続きが違うファイルだったら、はじめから受信し直す', async () => {
    await writeFile(join(cacheDir, partName), new Uint8Array(70_000));
    await load(await serve(whole()));
    await expectComplete();
    expect(ranges).toEqual(['bytes=70000-', undefined]);
  });

  it('受信し終えたところで止まっていたら、通信せずに展開だけする', async () => {
    await writeFile(join(cacheDir, partName), body);
    await load('http://127.0.0.1:9/');
    await expectComplete();
  });

  it('手で置いた tar.gz を使い、消さない', async () => {
    await writeFile(join(cacheDir, 'cifar-10-binary.tar.gz'), body);
    await load('http://127.0.0.1:9/');
    expect(await cached()).toEqual([folderName, 'cifar-10-binary.tar.gz'].sort());
  });

  it('手で置いた tar.gz が違うものなら、そう言って、消さずに止まる', async () => {
    await writeFile(join(cacheDir, 'cifar-10-binary.tar.gz'), 'HTML でした');
    const error = await failure('http://127.0.0.1:9/');
    expect(error).not.toBeInstanceOf(DataUnavailableError);
    expect(error.message).toContain('正しい CIFAR-10 のアーカイブではありません(大きさは');
    expect(await cached()).toEqual(['cifar-10-binary.tar.gz']);
  });
});

describe('ダウンロードできないときの説明', () => {
  it.each([
    [404, 'HTTP 404: ファイルがありません'],
    [403, 'HTTP 403: アクセスを断られました'],
    [407, 'つながりません'],
    [500, 'HTTP 500: サーバーの側の故障か混雑です'],
  ])('HTTP %i', async (status, reason) => {
    const error = await failure(await serve(answer(status)));
    expect(error).toBeInstanceOf(DataUnavailableError);
    expect(error.message).toMatch(
      /^CIFAR-10 を 127\.0\.0\.1:\d+ からダウンロードできませんでした\(.+\)。$/,
    );
    expect(error.message).toContain(reason);
    expect(error.advice).toMatch(/CIFAR10_DIR.+CIFAR10_URL.+--dataset shapes10/);
    expect(await cached()).toEqual([]);
  });

  it.each([
    ['text/html; charset=utf-8', '<html>ログインしてください</html>'],
    ['application/json', '{"blocked":true}'],
    ['application/gzip', ''],
  ])('アーカイブの代わりに %s が返った', async (type, text) => {
    await writeFile(join(cacheDir, partName), body.subarray(0, 70_000));
    const error = await failure(await serve(answer(200, type, text)));
    expect(error).toBeInstanceOf(DataUnavailableError);
    expect(error.message).toContain('HTML などの別のものが返りました');
    // 学校の認証画面などで、前に受信した分を失わないように
    expect(await stat(join(cacheDir, partName))).toMatchObject({ size: 70_000 });
  });

  it('サーバーがない', async () => {
    const error = await failure('http://127.0.0.1:9/cifar-10-binary.tar.gz');
    expect(error).toBeInstanceOf(DataUnavailableError);
    expect(error.advice).toContain('ネットワークの接続を確かめてください');
  });

  it('サーバーの名前が引けない', async () => {
    const error = await failure('http://no-such-host.invalid/cifar-10-binary.tar.gz');
    expect(error.message).toContain('サーバーの名前を調べられません');
  });

  it('応答がない', async () => {
    const url = await serve(() => undefined);
    const error = await failure(url, { responseTimeout: 200 });
    expect(error.message).toContain('0.2 秒待っても応答がありません');
  });

  it('プロキシの環境変数があるのに使われていなければ、その使い方を言う', async () => {
    vi.stubEnv('HTTPS_PROXY', 'http://proxy.example:8080');
    vi.stubEnv('NODE_USE_ENV_PROXY', undefined);
    const error = await failure('http://127.0.0.1:9/');
    expect(error.advice).toContain('NODE_USE_ENV_PROXY=1');
  });

  it('URL でないものを CIFAR10_URL に入れた', async () => {
    vi.stubEnv('CIFAR10_URL', 'D:\\mirror\\cifar.tar.gz');
    const error: unknown = await loadCifar10({ cacheDir, archive }).catch(
      (reason: unknown) => reason,
    );
    expect(error).not.toBeInstanceOf(DataUnavailableError);
    expect((error as UserError).message).toContain('「D:\\mirror\\cifar.tar.gz」');
  });

  it('MD5 が違うものは残さない', async () => {
    const damaged = body.slice();
    damaged[100_000]! ^= 1;
    const error = await failure(await serve(whole(damaged)));
    expect(error).not.toBeInstanceOf(DataUnavailableError);
    expect(error.message).toContain(`正しくは ${archive.md5} です`);
    expect(await cached()).toEqual([]);
  });

  it('大きさが違うものは残さない', async () => {
    const tooShort = await failure(await serve(whole(body.subarray(0, 90_000))));
    expect(tooShort.message).toContain(`90000 バイトでした。正しくは ${body.length} バイトです`);
    // 大きさを言わずに、いつまでも送ってくるサーバー
    const endless: Handler = (_request, response) => {
      response.writeHead(200);
      response.end(Buffer.concat([body, body]));
    };
    const tooLong = await failure(await serve(endless));
    expect(tooLong.message).toContain('アーカイブではありません(大きさが');
    expect(await cached()).toEqual([]);
  });
});

describe('アーカイブの中身を疑う', () => {
  async function failureOf(content: Uint8Array): Promise<UserError> {
    const error = await failure(await serve(whole(content)), { archive: describeArchive(content) });
    expect(await cached()).toEqual([]);
    return error;
  }
  const withFirst = (first: TarEntry) => {
    const [directory, , ...others] = officialEntries(files);
    return packTarGz([directory!, first, ...others]);
  };

  it('.. や / で外に出ようとする名前、知らない名前は書かない', async () => {
    const evil = (path: string): TarEntry => ({ path, data: Buffer.from('evil') });
    const names = ['../evil', `${folderName}/../../evil`, '/tmp/evil-of-cifar10', 'evil'];
    const content = packTarGz([...names.map(evil), ...officialEntries(files)]);
    await load(await serve(whole(content)), { archive: describeArchive(content) });
    await expectComplete();
    expect((await readdir(join(cacheDir, folderName))).sort()).toEqual([...files.keys()]);
    await expect(stat(join(cacheDir, '..', 'evil'))).rejects.toThrow('ENOENT');
    await expect(stat('/tmp/evil-of-cifar10')).rejects.toThrow('ENOENT');
  });

  it('ファイルの代わりのリンクは作らない', async () => {
    const path = `${folderName}/data_batch_1.bin`;
    const link: TarEntry = { path, type: 'SymbolicLink', linkpath: '/etc/passwd' };
    expect((await failureOf(withFirst(link))).message).toContain('data_batch_1.bin がありません');
  });

  it('大きさの違うファイルがあれば止まる', async () => {
    const short = { path: `${folderName}/data_batch_1.bin`, data: new Uint8Array(100) };
    expect((await failureOf(withFirst(short))).message).toContain('30730 バイトのファイルのはず');
  });

  it('壊れた gzip、途中までの tar は、展開できないと言う', async () => {
    const damaged = body.slice();
    damaged.fill(0xff, 90_000, 90_100);
    await failureOf(damaged);
    await failureOf(body.subarray(0, 100_000));
  });

  it('ラベルが 200 の画像が入っていれば、どのファイルかを言う', async () => {
    const wrong = files.get('data_batch_1.bin')!.slice();
    wrong[0] = 200;
    const content = withFirst({ path: `${folderName}/data_batch_1.bin`, data: wrong });
    const error = await failure(await serve(whole(content)), { archive: describeArchive(content) });
    expect(error.message).toContain('data_batch_1.bin の 1 枚目の画像のラベルが 200');
  });
});

describe('途中で止める', () => {
  it('受信した分を残し、次に続きから受信することを言う', async () => {
    const controller = new AbortController();
    const url = await serve(stallAfter(80_000), whole());
    const stopped = load(url, { signal: controller.signal }).catch((reason: unknown) => reason);
    await vi.waitFor(async () => {
      expect((await stat(join(cacheDir, partName))).size).toBe(80_000);
    });
    controller.abort();
    const error = await stopped;
    expect(error).toBeInstanceOf(InterruptedError);
    expect((error as InterruptedError).advice).toMatch(/80\.0 kB を受信してあります。次に実行/);
    expect(await cached()).toEqual([partName]);
    await load(url);
    await expectComplete();
    expect(ranges).toEqual([undefined, 'bytes=80000-']);
  });

  it('つながる前でも止まる', async () => {
    const controller = new AbortController();
    const url = await serve(() => {
      controller.abort();
    });
    expect(await failure(url, { signal: controller.signal })).toBeInstanceOf(InterruptedError);
    expect(await cached()).toEqual([]);
  });
});

describe('いくつものプログラムが同時に使う', () => {
  it('1 つだけがダウンロードし、もう 1 つは待ってから使う', async () => {
    let finishSending = (): void => undefined;
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': body.length });
      response.write(body.subarray(0, 50_000));
      finishSending = () => response.end(body.subarray(50_000));
    });
    const script = `
      import { loadCifar10 } from ${JSON.stringify(new URL('cifar10.ts', import.meta.url).href)};
      const options = ${JSON.stringify({ url, cacheDir, archive })};
      const { trainSet, testSet } = await loadCifar10(options);
      console.log(trainSet.size + testSet.size);`;
    const start = () => {
      const args = ['--import', 'tsx', '--input-type=module', '--eval', script];
      const child = spawn(process.execPath, args, { cwd: import.meta.dirname });
      const program = { output: '', notes: '', ended: once(child, 'close') };
      child.stdout.on('data', (chunk: Buffer) => (program.output += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => (program.notes += chunk.toString()));
      return program;
    };
    const first = start();
    await vi.waitFor(() => {
      expect(ranges).toHaveLength(1);
    }, 20_000);
    const second = start();
    await vi.waitFor(() => {
      expect(second.notes).toContain('終わるまで待っています');
    }, 20_000);
    finishSending();
    await Promise.all([first.ended, second.ended]);
    expect([first.output, second.output]).toEqual(['60\n', '60\n']);
    expect(ranges).toHaveLength(1);
    await expectComplete();
  });

  it('待つことを言い、先のものが失敗したら自分でダウンロードする', async () => {
    const url = await serve((_request, response) => {
      setTimeout(() => response.writeHead(500).end(), 700);
    }, whole());
    const first = failure(url);
    await vi.waitFor(() => {
      expect(ranges).toHaveLength(1);
    });
    const second = load(url);
    expect((await first).message).toContain('HTTP 500');
    await second;
    expect(reports[0]).toContain('終わるまで待っています');
    await expectComplete();
  });
});

const isRoot = process.getuid?.() === 0;

describe('ディスクの都合', () => {
  it.skipIf(isRoot || process.platform === 'win32')('書く許可がない', async () => {
    await chmod(cacheDir, 0o500);
    const error = await failure(await serve(whole()));
    await chmod(cacheDir, 0o700);
    expect(error).toBeInstanceOf(DataUnavailableError);
    expect(error.message).toContain('書く許可がありません');
  });

  it('置き場所がフォルダーでない', async () => {
    await writeFile(join(cacheDir, 'file'), '');
    const error = await failure(await serve(whole()), { cacheDir: join(cacheDir, 'file') });
    expect(error).toBeInstanceOf(DataUnavailableError);
    expect(error.message).toContain('に置けません(');
  });

  it.skipIf(!canMountTmpfs())('空きがないことを、始める前にも途中でも言う', async () => {
    const disk = join(cacheDir, 'disk');
    await mkdir(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=520k', 'tmpfs', disk]);
    try {
      await writeFile(join(disk, 'filler'), new Uint8Array(300_000));
      const before = await failure(await serve(whole()), { cacheDir: disk });
      expect(before).toBeInstanceOf(DataUnavailableError);
      expect(before.message).toContain('ディスクの空きが足りず');

      await rm(join(disk, 'filler'));
      const fillDisk: Handler = (request, response) => {
        void writeFile(join(disk, 'filler'), new Uint8Array(400_000)).then(() => {
          whole()(request, response);
        });
      };
      const during = await failure(await serve(fillDisk), { cacheDir: disk });
      expect(during).toBeInstanceOf(DataUnavailableError);
      expect(during.message).toContain('ディスクがいっぱい');
      expect((await readdir(disk)).sort()).toEqual([partName, 'filler']);

      // 展開の途中でいっぱいになっても、受信した分は次に使えます
      await rm(join(disk, 'filler'));
      await writeFile(join(disk, partName), body);
      await writeFile(join(disk, 'filler'), new Uint8Array(250_000));
      const unpacking = await failure('http://127.0.0.1:9/', { cacheDir: disk });
      expect(unpacking.message).toContain('ディスクがいっぱい');
      expect((await readdir(disk)).sort()).toEqual([partName, 'filler']);
      await rm(join(disk, 'filler'));
      expect((await load('http://127.0.0.1:9/', { cacheDir: disk })).testSet.size).toBe(10);
    } finally {
      await wait(50);
      execFileSync('umount', [disk]);
    }
  });
});

function canMountTmpfs(): boolean {
  if (process.platform !== 'linux' || !isRoot) return false;
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
}
