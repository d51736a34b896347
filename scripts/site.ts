/**
 * サイトを作ります: `npm run site`。`npm run site:serve` では、保存するたびに作り直して見せます。
 *
 * @module
 */
import { resolve } from 'node:path';
import {
  environment,
  formatDuration,
  installErrorReporter,
  interruptSignal,
  parseOptions,
  print,
  projectRoot,
  UserError,
} from '#platform';
import { printProblems } from './problems.ts';
import { buildSite, type BuildOptions } from './site/build.ts';
import { serveSite } from './site/serve.ts';

installErrorReporter();
const { values } = parseOptions({
  command: 'npm run site --',
  summary: '章、演習、用語集を、ブラウザーで読めるサイトにします。',
  options: {
    out: { type: 'text', help: '置くフォルダー。既定は site/dist。' },
    url: { type: 'text', help: '公開する場所。https:// で始まる URL。sitemap.xml も作ります。' },
    repository: {
      type: 'text',
      help: '公開しているリポジトリの URL。ファイルへのリンクに使います。',
    },
    noApi: { type: 'flag', help: '関数の説明書を作らず、早く終えます。' },
    serve: { type: 'flag', help: '手もとで見せ、保存するたびに作り直します。' },
    port: { type: 'integer', min: 1, help: '見せるときのポート番号。既定は 8080。' },
  },
});
const baseUrl = readUrl('url', values.url ?? environment('SITE_URL'));
const repositoryUrl = readUrl('repository', values.repository);
const options: BuildOptions = {
  root: projectRoot,
  out: resolve(projectRoot, values.out ?? 'site/dist'),
  noApi: values.noApi,
  ...(baseUrl !== undefined && { baseUrl }),
  ...(repositoryUrl !== undefined && { repositoryUrl }),
};
if (values.serve) {
  const signal = interruptSignal();
  const { url, close } = await serveSite(options, values.port ?? 8080);
  print(`${url} で見られます。Ctrl-C で終わります。`);
  signal.addEventListener('abort', close, { once: true });
} else {
  const { pages, faults, seconds } = await buildSite(options);
  if (faults.length > 0) {
    printProblems(faults);
    print(`直すところが ${faults.length} か所あるので、サイトは前のままです。`);
    process.exitCode = 1;
  } else {
    print(`${pages.length} ページを ${formatDuration(seconds)}で作りました: ${options.out}`);
  }
}

function readUrl(name: string, text: string | undefined): string | undefined {
  if (text === undefined || text === '') return undefined;
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) {
    throw new UserError(
      `--${name} の「${text}」は URL ではありません。`,
      'https://example.org/course/ のように書いてください。',
    );
  }
  return text.endsWith('/') ? text : `${text}/`;
}
