/**
 * 章のプログラムを動かします: `npm run chapter -- 01 [選択肢…]`。
 *
 * 始まりを速くするため、別のプロセスを作らず、この中で章の main.ts を読みこみます。
 *
 * @module
 */
import { pathToFileURL } from 'node:url';
import { installErrorReporter, print, projectRoot } from '#platform';
import { chapterList, findChapter } from './chapters.ts';

installErrorReporter();
const [query, ...rest] = process.argv.slice(2);
if (query === '--help') {
  print('使い方: npm run chapter -- 章の番号 [選択肢]\n\n章:');
  print(await chapterList(projectRoot));
  print('\n章ごとの選択肢は、npm run chapter -- 01 --help のようにして見られます。');
  process.exit(0);
}
const { program } = await findChapter(projectRoot, query);
// 章は自分が直接動かされたときと同じ引数を見ます
process.argv = [process.argv[0]!, program, ...rest];
await import(pathToFileURL(program).href);
