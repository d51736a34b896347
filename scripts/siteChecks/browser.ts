import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

/**
 * この機械にある Chrome、Chromium、Edge を探します。環境変数 CHROME_PATH が先です。
 *
 * @param env - 環境変数。
 * @param exists - ファイルがあるかを答える関数。
 * @returns 実行ファイル。なければ undefined。
 */
export function findBrowser(
  env: NodeJS.ProcessEnv = process.env,
  exists: (path: string) => boolean = existsSync,
): string | undefined {
  const windows = [env.ProgramFiles, env['ProgramFiles(x86)'], env.LOCALAPPDATA].flatMap(
    (folder) =>
      folder === undefined
        ? []
        : [
            join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'),
            join(folder, 'Chromium', 'Application', 'chrome.exe'),
            join(folder, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
          ],
  );
  return [
    env.CHROME_PATH,
    '/usr/bin/google-chrome',
    '/usr/bin/google-chrome-stable',
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/snap/bin/chromium',
    '/usr/bin/microsoft-edge',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
    ...windows,
  ].find((path) => path !== undefined && path !== '' && exists(path));
}

/**
 * 画面なしのブラウザーを起こします。
 *
 * @param executablePath - 実行ファイル。
 * @param args - 加える引数。
 * @returns ブラウザー。
 */
export function launchBrowser(executablePath: string, args: string[] = []): Promise<Browser> {
  // 管理者として動く自動テストの機械では、砂場を使えません
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath, args: [...sandbox, ...args] });
}
