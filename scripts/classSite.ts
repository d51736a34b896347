/**
 * 配られた版のサイトを、手もとで見せます: 学習者の `npm run site`。
 *
 * @module
 */
import {
  fileExists,
  installErrorReporter,
  interruptSignal,
  joinPath,
  print,
  projectRoot,
  UserError,
} from '#platform';
import { startServer } from './siteChecks/server.ts';

installErrorReporter();
const folder = joinPath(projectRoot, 'site');
if (!(await fileExists(joinPath(folder, 'index.html')))) {
  throw new UserError(
    'この版には、サイトが入っていません。',
    '本文は chapters フォルダーの README.md で読めます。',
  );
}
const signal = interruptSignal();
const server = await startServer(folder, 'http://localhost/');
print(`${server.url} で見られます。Ctrl-C で終わります。`);
signal.addEventListener('abort', () => void server[Symbol.asyncDispose](), { once: true });
