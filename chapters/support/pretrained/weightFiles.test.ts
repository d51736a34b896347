import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InterruptedError, UserError } from '#platform';
import { prepareFiles } from '../../../datasets/download.ts';
import { DataUnavailableError } from '../../../datasets/downloadProblems.ts';
import { findWeights, type FindWeightsOptions } from './weightFiles.ts';

// 中身は何でもよいので、短い時間で受信できる大きさの、でたらめなバイト列を使います
const body = Uint8Array.from({ length: 100_000 }, (_, i) => (i * i) % 251);
const sha256 = createHash('sha256').update(body).digest('hex');
const folder = 'resnet50.tv_in1k';
const part = 'model.safetensors.part';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

let root: string;
let cacheDir: string;
let requests: string[];
let reports: string[];
let closeServers: (() => void)[];

beforeEach(async () => {
  vi.stubEnv('PRETRAINED_DIR', undefined);
  root = await mkdtemp(join(tmpdir(), 'weights-'));
  cacheDir = join(root, 'cache');
  requests = [];
  reports = [];
  closeServers = [];
});
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const close of closeServers) close();
  await rm(root, { recursive: true, force: true });
});

/** 本物の HTTP サーバーを立て、そこから取るように環境変数を指定します。GET の最後の答えは、何度でも使います。 */
async function serve(head: Handler, ...gets: Handler[]): Promise<void> {
  let count = 0;
  const server = createServer((request, response) => {
    requests.push(
      `${request.method ?? ''} ${request.url ?? ''} ${request.headers.range ?? ''}`.trim(),
    );
    if (request.method === 'HEAD') head(request, response);
    else gets[Math.min(count++, gets.length - 1)]?.(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closeServers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as { port: number };
  vi.stubEnv('PRETRAINED_URL', `http://127.0.0.1:${port}/mirror/`);
}

/** hub の答え方: 転送を案内する応答の見出しにだけ、大きさと SHA-256 があります。 */
function hub(hash = sha256, bytes = body.length): Handler {
  return (_request, response) => {
    response
      .writeHead(302, {
        location: 'http://127.0.0.1:9/elsewhere',
        'x-linked-size': bytes,
        'x-linked-etag': `"${hash}"`,
      })
      .end();
  };
}

/** Range に答える、ふつうのサーバー。 */
const whole: Handler = (request, response) => {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const rest = body.subarray(start);
  const range = `bytes ${start}-${body.length - 1}/${body.length}`;
  response
    .writeHead(start > 0 ? 206 : 200, {
      'content-length': rest.length,
      ...(start > 0 && { 'content-range': range }),
    })
    .end(rest);
};

const cut: Handler = (_request, response) => {
  response.writeHead(200, { 'content-length': body.length });
  response.write(body.subarray(0, 40_000), () => setTimeout(() => response.destroy(), 50));
};

function answer(status: number, type = 'text/plain'): Handler {
  return (request, response) => {
    response.writeHead(status, { 'content-type': type, 'content-length': 6 });
    response.end(request.method === 'HEAD' ? undefined : '<html>');
  };
}

const find = (options: FindWeightsOptions = {}): Promise<string> =>
  findWeights('resnet50', {
    ...{ cacheDir, retryDelay: 1, report: (line: string) => reports.push(line) },
    ...options,
  });

async function failure(options: FindWeightsOptions = {}): Promise<UserError> {
  const error: unknown = await find(options).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(UserError);
  return error as UserError;
}

/** 正しい名前のフォルダーの中身。なければ、受信の途中のものの中身。 */
const cached = (): Promise<string[]> =>
  readdir(join(cacheDir, folder)).catch(() =>
    readdir(join(cacheDir, `${folder}.part`)).catch(() => []),
  );

describe('学習済みの重みを探す', () => {
  it('PRETRAINED_DIR に置いてあれば、通信せずに使う', async () => {
    await mkdir(join(root, folder));
    await writeFile(join(root, folder, 'model.safetensors'), body);
    vi.stubEnv('PRETRAINED_DIR', root);
    vi.stubEnv('PRETRAINED_URL', 'http://127.0.0.1:9');
    expect(await find()).toBe(join(root, folder));
  });

  it('PRETRAINED_DIR のフォルダーがなければ、そう言い、並べ方を教える', async () => {
    const error = await failure({ directory: join(root, 'ない') });
    expect(error).not.toBeInstanceOf(DataUnavailableError);
    expect(error.message).toContain('フォルダー「');
    expect(error.advice).toContain('vgg16.tv_in1k/model.safetensors');
  });

  it('PRETRAINED_DIR に別のネットワークだけがあれば、ほかを探し、ダウンロードする', async () => {
    await serve(hub(), whole);
    vi.stubEnv('PRETRAINED_DIR', root);
    await mkdir(join(root, 'mobilenet_v1_0.25_224'));
    expect(await find()).toBe(join(cacheDir, folder));
  });

  it('PRETRAINED_DIR のフォルダーに足りないファイルがあれば、どれがどこにないかを言い、黙ってダウンロードしない', async () => {
    await serve(hub(), whole);
    vi.stubEnv('PRETRAINED_DIR', root);
    await mkdir(join(root, folder));
    const error = await failure();
    expect(error).toBeInstanceOf(DataUnavailableError);
    expect(error.message).toBe(
      `ResNet50 の重みのファイル model.safetensors が「${join(root, folder)}」にありません。`,
    );
    expect(error.advice).toContain('--backbone tiny');
    await mkdir(join(root, 'mobilenet_v1_0.25_224'));
    await writeFile(join(root, 'mobilenet_v1_0.25_224', 'model.json'), '{}');
    expect((await mobilenetFailure()).message).toContain('group1-shard1of1');
    expect(requests).toEqual([]);
  });

  it('PRETRAINED_URL が URL でなければ、そう言う', async () => {
    vi.stubEnv('PRETRAINED_URL', 'D:\\mirror');
    expect((await failure()).message).toContain('「D:\\mirror/resnet50.tv_in1k/」');
  });
});

describe('学習済みの重みをダウンロードする', () => {
  it('hub の見出しの大きさと SHA-256 で確かめて置き、2 回目は通信しない', async () => {
    await serve(hub(), whole);
    expect(await find()).toBe(join(cacheDir, folder));
    expect(await cached()).toEqual(['model.safetensors']);
    const saved = await readFile(join(cacheDir, folder, 'model.safetensors'));
    expect(Buffer.compare(saved, body)).toBe(0);
    expect(reports[0]).toMatch(/^ResNet50\(100\.0 kB\)を 127\..+--backbone tiny/);
    await find();
    const path = `/mirror/${folder}/model.safetensors`;
    expect(requests).toEqual([`HEAD ${path}`, `GET ${path}`]);
  });

  it('途中で切れたら、続きから受信する', async () => {
    await serve(hub(), cut, whole);
    await find();
    expect(requests.at(-1)).toContain('bytes=40000-');
    expect(await cached()).toEqual(['model.safetensors']);
  });

  it('見出しに SHA-256 がないサーバーなら、大きさだけを確かめる', async () => {
    const plain: Handler = (_request, response) => {
      response.writeHead(200, { 'content-length': body.length }).end();
    };
    await serve(plain, whole);
    await find();
    expect(await cached()).toEqual(['model.safetensors']);
  });

  it('何も言わない転送には、1 つずつ従う', async () => {
    const moved: Handler = (request, response) => {
      if (request.url === '/moved') hub()(request, response);
      else response.writeHead(307, { location: '/moved' }).end();
    };
    await serve(moved, whole);
    await find();
    expect(requests[1]).toBe('HEAD /moved');
  });

  it('SHA-256 が違うものは残さない', async () => {
    await serve(hub('0'.repeat(64)), whole);
    const error = await failure();
    expect(error).not.toBeInstanceOf(DataUnavailableError);
    expect(error.message).toContain(
      'から受信した ResNet50 の重みのファイルは正しくありません(SHA-256 は',
    );
    expect(await cached()).toEqual([]);
  });

  it('大きさが違うものは残さない', async () => {
    await serve(hub(sha256, 5_000), whole);
    expect((await failure()).message).toContain('正しくは 5000 バイトです');
    expect(await cached()).toEqual([]);
  });

  it.each([
    ['見出しが 404', answer(404), 'HTTP 404: ファイルがありません'],
    ['見出しが HTML', answer(200, 'text/html'), '重みのファイルではなく、HTML などの別のもの'],
    ['転送が終わらない', redirectForever, '重みのファイルではなく、HTML などの別のもの'],
    ['応答がない', () => undefined, '0.2 秒待っても応答がありません'],
  ] as const)('%s なら、わけと、ほかの方法を言う', async (_name, head, reason) => {
    await serve(head);
    const error = await failure({ responseTimeout: 200 });
    expect(error).toBeInstanceOf(DataUnavailableError);
    expect(error.message).toMatch(/^ResNet50 を 127\.0\.0\.1:\d+ からダウンロードできませんでした/);
    expect(error.message).toContain(reason);
    expect(error.advice).toMatch(/PRETRAINED_DIR.+PRETRAINED_URL.+--backbone tiny/);
  });

  it('中身の代わりに HTML が返っても、DataUnavailableError になる', async () => {
    await serve(hub(), answer(200, 'text/html'));
    expect(await failure()).toBeInstanceOf(DataUnavailableError);
    expect(await cached()).toEqual([]);
  });

  it('つながらなければ、DataUnavailableError になる', async () => {
    vi.stubEnv('PRETRAINED_URL', 'http://127.0.0.1:9');
    const error = await failure();
    expect(error).toBeInstanceOf(DataUnavailableError);
    expect(error.advice).toContain('ネットワークの接続を確かめてください');
  });

  it('止めても、受信した分を残す', async () => {
    const controller = new AbortController();
    await serve(hub(), (_request, response) => {
      response.writeHead(200, { 'content-length': body.length });
      response.write(body.subarray(0, 40_000));
      setTimeout(() => {
        controller.abort();
      }, 300);
    });
    const error = await failure({ signal: controller.signal });
    expect(error).toBeInstanceOf(InterruptedError);
    expect(error.advice).toContain('100.0 kB のうち 40.0 kB を受信');
    expect(await cached()).toEqual([part]);
    await serve(hub(), whole);
    await find();
    expect(requests.at(-1)).toContain('bytes=40000-');
    expect(await cached()).toEqual(['model.safetensors']);
  });

  it('同時に頼まれても、受信するのは 1 回だけ', async () => {
    await serve(hub(), (request, response) => {
      setTimeout(() => {
        whole(request, response);
      }, 300);
    });
    expect(await Promise.all([find(), find()])).toEqual([
      join(cacheDir, folder),
      join(cacheDir, folder),
    ]);
    expect(requests).toHaveLength(2);
    expect(reports.join()).toContain('終わるまで待っています');
  });

  it('いくつものファイルは 1 つの仕事として知らせ、そろってからフォルダーになり、そろった分は取り直さない', async () => {
    const names = ['a.bin', 'b.bin', 'c.bin'];
    await serve(hub(), whole, answer(404), whole);
    const url = process.env.PRETRAINED_URL ?? '';
    const common = { title: '試し', noun: '重みのファイル', advice: '', url };
    const source = {
      ...{ ...common, folder: 'several' },
      listFiles: () =>
        Promise.resolve(
          names.map((fileName) => ({
            ...common,
            fileName,
            bytes: body.length,
            url: url + fileName,
          })),
        ),
    };
    const prepare = () =>
      prepareFiles(source, { cacheDir, retryDelay: 1, report: (line) => reports.push(line) });
    await expect(prepare()).rejects.toThrow('HTTP 404');
    expect(await readdir(cacheDir)).toEqual(['several.part']);
    await prepare();
    expect(await readdir(cacheDir)).toEqual(['several']);
    expect(await readdir(join(cacheDir, 'several'))).toEqual(names);
    expect(requests).toEqual([
      'GET /mirror/a.bin',
      ...['b.bin', 'b.bin', 'c.bin'].map((name) => `GET /mirror/${name}`),
    ]);
    expect(reports).toHaveLength(2);
    expect(reports[0]).toContain('試し(300.0 kB)を');
    expect(reports[1]).toContain('試し(300.0 kB)の続き(残り 200.0 kB)を');
  });

  it('大きさを調べている間に止めても、止まる', async () => {
    const controller = new AbortController();
    await serve(() => {
      controller.abort();
    });
    expect(await failure({ signal: controller.signal })).toBeInstanceOf(InterruptedError);
  });

  it('MobileNet の見出しが違うものなら、残さない', async () => {
    await serve(hub(), whole);
    const error = await mobilenetFailure();
    expect(error.message).toContain('MobileNet v1(幅 0.25) の重みのファイルではありません');
    expect(await readdir(join(cacheDir, 'mobilenet_v1_0.25_224.part'))).toEqual([]);
  });
});

function redirectForever(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(302, { location: '/again' }).end();
}

async function mobilenetFailure(): Promise<UserError> {
  const error: unknown = await findWeights('mobilenet', { cacheDir }).catch(
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UserError);
  return error as UserError;
}
