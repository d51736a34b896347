/**
 * 章のプログラムを動かします: `npm run chapter -- 01 [選択肢…]`。
 *
 * 始まりを速くするため、別のプロセスを作らず、この中で章の main.ts を読みこみます。
 *
 * @module
 */
import { pathToFileURL } from 'node:url';
import { installErrorReporter, projectRoot } from '#platform';
import { findChapter } from './chapters.ts';

installErrorReporter();
const [query, ...rest] = process.argv.slice(2);
const { program } = await findChapter(projectRoot, query);
// 章は自分が直接動かされたときと同じ引数を見ます
process.argv = [process.argv[0]!, program, ...rest];
await import(pathToFileURL(program).href);
