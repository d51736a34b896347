import * as z from 'zod';

/** 学習者の版に残すコマンド。 */
const kept: Readonly<Record<string, string | undefined>> = {
  start: undefined,
  chapter: undefined,
  test: undefined,
  watch: undefined,
  hint: undefined,
  solution: undefined,
  reset: undefined,
  progress: undefined,
  predict: undefined,
  'setup:gpu': undefined,
  typecheck: undefined,
  site: 'tsx scripts/classSite.ts',
  'class:update': 'tsx scripts/classUpdate.ts',
};

/** 読みこまれなくても、コマンドや型のために要るパッケージ。 */
const tools = ['tsx', 'typescript', 'vitest', '@types/node'];

const textMap = z.record(z.string(), z.string());
const packageSchema = z.looseObject({
  scripts: textMap,
  dependencies: textMap,
  devDependencies: textMap,
});

/**
 * package.json から、学習者の使わないコマンドとパッケージを除きます。
 *
 * @param text - package.json の全文。
 * @param used - プログラムが読みこむパッケージ。
 * @returns 新しい全文。
 */
export function cutPackage(text: string, used: ReadonlySet<string>): string {
  const whole = packageSchema.parse(JSON.parse(text));
  const isNeeded = (name: string): boolean =>
    used.has(name) || tools.includes(name) || used.has(name.replace(/^@types\//, ''));
  const keep = (list: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(Object.entries(list).filter(([name]) => isNeeded(name)));
  const scripts = Object.entries(kept).flatMap(([name, command]) => {
    const line = command ?? whole.scripts[name];
    return line === undefined ? [] : [[name, line]];
  });
  const cut = {
    ...whole,
    scripts: Object.fromEntries(scripts) as Record<string, string>,
    dependencies: keep(whole.dependencies),
    devDependencies: keep(whole.devDependencies),
  };
  // overrides は、除いたパッケージのためのものです。undefined は JSON に書かれません
  return `${JSON.stringify({ ...cut, overrides: undefined }, null, 2)}\n`;
}
