import { parseArgs } from 'node:util';
import { errorCode, UserError } from '#platform';

/** 演習の番号をひとつ受けとるコマンドの使い方。 */
export interface CommandSpec<F extends string> {
  /** `npm run hint` など。 */
  readonly command: string;
  /** 何をするか。 */
  readonly summary: string;
  /** 選択肢の名前と説明。 */
  readonly flags: Readonly<Record<F, string>>;
}

/**
 * 演習の番号をひとつと、選択肢を読みます。`--help` なら、使い方を出して終わります。
 *
 * @param spec - 使い方。
 * @param args - コマンドラインの引数。
 * @returns 番号(なければ undefined)と、選択肢が付いていたか。
 * @throws UserError 知らない選択肢や、二つ以上の番号があるとき。
 */
export function parseCommand<F extends string>(
  { command, summary, flags }: CommandSpec<F>,
  args: readonly string[] = process.argv.slice(2),
): { query: string | undefined; flags: ReadonlySet<F> } {
  const names = Object.keys(flags) as F[];
  const advice = `使える選択肢は ${command} -- --help で見られます。`;
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: Object.fromEntries(
        [...names, 'help'].map((name) => [name, { type: 'boolean' as const }]),
      ),
    });
  } catch (error) {
    const name = /'(--?[^' ]+)/.exec(error instanceof Error ? error.message : '')?.[1] ?? '';
    const unknown = errorCode(error) === 'ERR_PARSE_ARGS_UNKNOWN_OPTION';
    throw new UserError(
      unknown ? `選択肢 ${name} はありません。` : `選択肢 ${name} に値はつけられません。`,
      advice,
      { cause: error },
    );
  }
  const { values, positionals } = parsed;
  if (values['help'] === true) {
    const lines = names.map((name) => `  --${name}\n      ${flags[name]}\n`).join('');
    process.stdout.write(
      `使い方: ${command} -- [番号] [選択肢]\n\n${summary}\n\n選択肢:\n${lines}  --help\n      この使い方を出します。\n`,
    );
    process.exit(0);
  }
  if (positionals.length > 1) {
    throw new UserError('演習の番号は、ひとつだけ書いてください。', advice);
  }
  return {
    query: positionals[0],
    flags: new Set(names.filter((name) => values[name] === true)),
  };
}
