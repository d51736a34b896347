/**
 * {@link runApart} が別のプロセスで動かすプログラムです。関数を1つ動かし、答えを親に送って終わります。
 *
 * @module
 */
type Job = (argument: string) => unknown;

// Ctrl-C は端末から親にも届き、親がこのプロセスを終わらせます。親がいなくなったら、自分で終わります
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit());

const [module = '', name = '', argument = ''] = process.argv.slice(2);
const jobs = (await import(module)) as Record<string, Job>;
const answer: unknown = await jobs[name]!(argument);
// GPU の仕組みが残っていると、ひとりでには終わりません
process.send!(answer, () => process.exit());
