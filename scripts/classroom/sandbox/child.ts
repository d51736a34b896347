/**
 * 提出ひとつを採点する、隔離されたプロセスです。
 *
 * 守りは二重です。OS と Node.js が、ファイル、通信、ほかのプログラムに触れないようにします(command.ts)。
 * その中で、SES が、提出されたプログラムを区画に閉じこめます。採点の道具と同じプロセスで動いても、結果を書きかえられません。
 *
 * @module
 */
import 'ses';
import { startClock } from '../../grading/clock.ts';

const packages = process.argv.slice(2);
const unsafeError = Error;

startClock();
// 読みこむときに組みこみのものへ書き足すパッケージがあるので、凍らせる前に読みこみます
await Promise.all(packages.map((name) => import(name)));
lockdown({
  errorTaming: 'unsafe', // エラーの起きた行を知らせるためです。区画の中からは、道具の中身は見えません
  errorTrapping: 'none',
  unhandledRejectionTrapping: 'none',
  stackFiltering: 'verbose',
  consoleTaming: 'unsafe',
  localeTaming: 'unsafe',
  overrideTaming: 'severe', // 凍らせた後も、自分の型に toString などを書けるようにします
  reporting: 'none',
});
// 凍らせる前に作られたエラーの型からは、もとの Error に届きます。スタックから道具の中身をのぞけないようにします
const prepareStackTrace: unknown = Reflect.get(unsafeError, 'prepareStackTrace');
Object.defineProperty(unsafeError, 'prepareStackTrace', {
  value: prepareStackTrace,
  writable: false,
  configurable: false,
});
// 凍らせた後で読みこむので、ここから先で作るものは、どれも凍らせたものだけからできています
const { startGrading } = await import('./grader.ts');
await startGrading(packages.includes('@tensorflow/tfjs'));
