import { extname } from 'node:path';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.txt': 'text/plain; charset=utf-8',
  '.xml': 'application/xml; charset=utf-8',
};

/**
 * ブラウザーに伝える、ファイルの種類です。
 *
 * @param path - ファイルの道。
 * @returns `Content-Type` の値。
 */
export function contentType(path: string): string {
  return types[extname(path)] ?? 'application/octet-stream';
}
