import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import '@tensorflow/tfjs-backend-wasm';
import { build } from 'esbuild';
import { chromium, type Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shortTraining } from './shortTraining.ts';

// この機械にある Chrome か Chromium か Edge を使います。どれもなければ、このテストは省かれます。
const browserPath = [
  process.env.CHROME_PATH,
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
].find((path) => path !== undefined && existsSync(path));

const here = dirname(fileURLToPath(import.meta.url));
const wasmFolder = join(
  dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json')),
  'dist',
);

const entry = `
  import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
  import { shortTraining } from './shortTraining.ts';
  setWasmPaths('/');
  shortTraining().then(
    (result) => { globalThis.result = result; },
    (error) => { globalThis.result = { simd: String(error), losses: [] }; },
  );
`;

// カーネルが #platform に頼むのは、エラーの型と Node.js の設定だけです。ブラウザーでは何も設定しません。
const browserPlatform = `
  export { OutOfMemoryError, UserError } from '../../../datasets/platform/errors.ts';
  export function enableRelaxedSimd() {}
`;

describe.skipIf(browserPath === undefined)('ブラウザーでの学習', () => {
  let server: Server | undefined;
  let browser: Browser | undefined;
  let script: string;

  beforeAll(async () => {
    const { outputFiles } = await build({
      stdin: { contents: entry, resolveDir: here, loader: 'ts' },
      bundle: true,
      write: false,
      format: 'iife',
      platform: 'browser',
      mainFields: ['module', 'main'],
      logLevel: 'silent',
      plugins: [
        {
          name: 'platform',
          setup: (bundler) => {
            bundler.onResolve({ filter: /^#platform$/ }, () => ({
              path: 'platform',
              namespace: 'browser',
            }));
            bundler.onLoad({ filter: /.*/, namespace: 'browser' }, () => ({
              contents: browserPlatform,
              resolveDir: here,
            }));
          },
        },
      ],
    });
    script = outputFiles[0]!.text;
    server = createServer((request, response) => {
      void (async () => {
        const name = (request.url ?? '/').slice(1);
        if (name === '') {
          response.setHeader('content-type', 'text/html');
          response.end('<!doctype html><title>test</title><script src="/main.js"></script>');
        } else if (name === 'main.js') {
          response.setHeader('content-type', 'text/javascript');
          response.end(script);
        } else if (/^tfjs-backend-wasm[a-z-]*\.wasm$/.test(name)) {
          response.setHeader('content-type', 'application/wasm');
          response.end(await readFile(join(wasmFolder, name)));
        } else {
          response.statusCode = 404;
          response.end();
        }
      })();
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    browser = await chromium.launch({
      executablePath: browserPath!,
      // 管理者として動く自動テストの機械では、砂場を使えません
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    });
  });

  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  it('同じカーネルが動き、Node.js と同じ損失で学習する', async () => {
    const page = await browser!.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(`http://127.0.0.1:${(server!.address() as AddressInfo).port}/`);
    await page.waitForFunction('globalThis.result !== undefined');
    const inBrowser = await page.evaluate<{ simd: string; losses: number[] }>('globalThis.result');
    const inNode = await shortTraining();
    expect(problems).toEqual([]);
    expect(inBrowser.simd).toMatch(/^(relaxed|plain)$/);
    expect(inBrowser.losses).toHaveLength(20);
    expect(inNode.losses[19]).toBeLessThan(inNode.losses[0]!);
    inBrowser.losses.forEach((loss, step) => {
      expect(Math.abs(loss - inNode.losses[step]!), `${step} ステップ目`).toBeLessThan(1e-3);
    });
  });
});
