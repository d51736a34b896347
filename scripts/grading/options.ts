import { resolve } from 'node:path';
import { UserError } from '#platform';

/** `npm test` に付けられるもの。 */
export interface GradeOptions {
  /** 番号など。空なら、すべて採点します。 */
  readonly queries: readonly string[];
  readonly watch: boolean;
  readonly strict: boolean;
  readonly all: boolean;
  /** JSON を書くファイル。 */
  readonly json: string | undefined;
  /** JUnit の XML を書くファイル。 */
  readonly junit: string | undefined;
}

const defaultPaths = {
  json: 'outputs/grading/results.json',
  junit: 'outputs/grading/junit.xml',
} as const;

const usage = `使い方: npm test -- [番号…] [選択肢]

演習を採点します。番号を省くと、すべて採点します。

  npm test -- 01            章 01 の演習
  npm test -- 01-04 02-1    演習 01-04 と、章 02-1 の演習

選択肢:
  --all             未着手の演習も、すべて並べます。
  --strict          未着手も不合格と数えます。
  --json [ファイル]   結果を JSON で書きます(省くと ${defaultPaths.json})。
  --junit [ファイル]  結果を JUnit の XML で書きます(省くと ${defaultPaths.junit})。
  --watch           保存するたびに採点します(npm run watch と同じです)。
  --help            この使い方を出します。
`;

/**
 * `npm test` のコマンドラインを読みます。`--help` なら、使い方を出して終わります。
 *
 * @param args - コマンドラインの引数。
 * @param root - リポジトリのいちばん上。
 * @returns 読みとったもの。
 * @throws UserError 知らない選択肢があるとき。
 */
export function parseGradeOptions(args: readonly string[], root: string): GradeOptions {
  const flags = { watch: false, strict: false, all: false };
  const paths: { json: string | undefined; junit: string | undefined } = {
    json: undefined,
    junit: undefined,
  };
  const queries: string[] = [];
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (!arg.startsWith('-')) {
      queries.push(arg);
      continue;
    }
    const [name, attached] = splitOption(arg);
    if (name === 'help' || arg === '-h') {
      process.stdout.write(usage);
      process.exit(0);
    }
    if (name === 'json' || name === 'junit') {
      // 値は省けるので、次の引数がファイルの名前らしいときだけ、値と読みます
      const value = attached ?? (looksLikePath(rest[0]) ? rest.shift() : undefined);
      paths[name] =
        value === undefined ? resolve(root, defaultPaths[name]) : fromWhereUserIs(value);
    } else if (name === 'watch' || name === 'strict' || name === 'all') {
      if (attached !== undefined) throw new UserError(`選択肢 --${name} に値はつけられません。`);
      flags[name] = true;
    } else {
      throw new UserError(
        `選択肢 ${arg} はありません。`,
        '使える選択肢は npm test -- --help で見られます。',
      );
    }
  }
  if (flags.watch && (paths.json !== undefined || paths.junit !== undefined)) {
    throw new UserError(
      '--watch は、--json や --junit といっしょに使えません。',
      '結果を書くには、npm test -- --json のように、--watch を外してください。',
    );
  }
  return { queries, ...flags, ...paths };
}

function splitOption(arg: string): [name: string, value: string | undefined] {
  const [, name = '', value] = /^--([^=]+)(?:=(.*))?$/.exec(arg) ?? [];
  return [name, value];
}

function looksLikePath(arg: string | undefined): boolean {
  return arg !== undefined && !arg.startsWith('-') && /[./\\]/.test(arg) && !/\.ts$/.test(arg);
}

/**
 * npm はいちばん上のフォルダーで動きますが、パスは、利用者のいるフォルダーから数えます。
 *
 * @param path - 利用者が書いたパス。
 * @returns 絶対パス。
 */
export function fromWhereUserIs(path: string): string {
  return resolve(process.env['INIT_CWD'] ?? process.cwd(), path);
}
