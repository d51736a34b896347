import { isBuiltin } from 'node:module';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { build as buildBundle, type BuildFailure, type Plugin } from 'esbuild';
import { fileExists } from '#platform';
import { toSlashes } from '../../exercises/catalog.ts';
import { explainFailure, makeLocator, type BundleFault, type Place } from '../../grading/bundle.ts';
import type { Exercise } from '../../grading/exercises.ts';
import type { AnswerFile } from '../types.ts';
import { answerParameters } from './protocol.ts';

/** 一つにまとめた、提出されたプログラム。 */
export interface AnswerBundle {
  /** `answerParameters` を引数にもつ関数の式。 */
  readonly code: string;
  /** スタックトレースに出る名前。 */
  readonly name: string;
  /** エラーのスタックから、提出されたファイルの場所を探します。 */
  readonly locate: (stack: string) => Place | undefined;
}

/** まとめた結果。`forbidden` は、採点に許されていないものを読みこもうとしたことを表します。 */
export type BundledAnswer =
  | { readonly bundle: AnswerBundle }
  | { readonly fault: BundleFault }
  | { readonly forbidden: string };

/** 提出ひとつのプログラムを、演習ごとにまとめます。 */
export class AnswerBundler {
  readonly #root: string;
  readonly #stubs: ReadonlyMap<string, string>;
  readonly #answers: ReadonlyMap<string, AnswerFile>;

  /**
   * @param root - リポジトリのいちばん上。
   * @param exercises - すべての演習。
   * @param answers - 提出されたファイル。番号から引きます。
   */
  constructor(
    root: string,
    exercises: readonly Exercise[],
    answers: ReadonlyMap<string, AnswerFile>,
  ) {
    this.#root = root;
    this.#stubs = new Map(exercises.map(({ stub, id }) => [join(root, stub), id]));
    this.#answers = answers;
  }

  /**
   * 演習ひとつのプログラムと、それが使う前の演習のプログラムを、一つにまとめます。
   *
   * 読みこめるのは、提出されたほかの演習、`#exercise`、TF.js と、教材の chapters と datasets のうち計算だけのものです。
   * 教材のファイルは、提出物ではなく、配ったときのものを使います。
   *
   * @param exercise - 演習。
   * @returns まとめたものか、まとめられなかったわけ。
   */
  async bundle(exercise: Exercise): Promise<BundledAnswer> {
    const refused: string[] = [];
    try {
      const { outputFiles } = await buildBundle({
        absWorkingDir: this.#root,
        stdin: {
          contents: `export { ${exercise.exports.join(', ')} } from './${basename(exercise.stub)}';`,
          resolveDir: dirname(join(this.#root, exercise.stub)),
          sourcefile: basename(exercise.spec), // まとめられないわけを、npm test と同じ文で言うためです
          loader: 'js', // TypeScript だと、足りない名前を型とみなして、誤りになりません
        },
        outfile: `${exercise.id}.mjs`,
        bundle: true,
        write: false,
        format: 'cjs',
        platform: 'neutral',
        target: 'node20',
        sourcemap: 'external',
        sourcesContent: true,
        charset: 'utf8',
        keepNames: true,
        minifyWhitespace: true, // 注釈を除きます。注釈の中の文字を、SES が import などと取り違えることがあります
        legalComments: 'none',
        logLevel: 'silent',
        logOverride: { 'import-is-undefined': 'error' },
        tsconfigRaw: { compilerOptions: { target: 'es2023', verbatimModuleSyntax: false } },
        // 区画の中では大域の名前が遅いので、引数にします。ブロックに入れるのは、同じ名前の変数も作れるようにするためです
        banner: { js: `(function (${answerParameters.join(', ')}) {{` },
        footer: { js: '}})' },
        plugins: [this.#confine(refused)],
      });
      const files = new Map(outputFiles.map(({ path, text }) => [basename(path), text]));
      const name = `${exercise.id}.mjs`;
      const code = files.get(name)!;
      return { bundle: { code, name, locate: makeLocator(this.#root, files) } };
    } catch (error) {
      const [first] = refused;
      if (first !== undefined) return { forbidden: first };
      const { errors } = error as Partial<BuildFailure>;
      if (errors?.[0] === undefined) throw error;
      return { fault: explainFailure(errors, exercise) };
    }
  }

  #confine(refused: string[]): Plugin {
    return {
      name: 'confine',
      setup: (build) => {
        build.onResolve({ filter: /.*/ }, async ({ path, resolveDir }) => {
          if (path === '#exercise' || path === '@tensorflow/tfjs') return { path, external: true };
          const full = resolve(resolveDir, path);
          if (path.startsWith('.') && this.#stubs.has(full)) return { path: full };
          if (path.startsWith('.') && (await this.#isCourseFile(full))) return { path: full };
          if (isOffLimits(path, full, this.#root)) refused.push(path);
          return { errors: [{ text: `Could not resolve "${path}"` }] };
        });
        build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
          const id = this.#stubs.get(path);
          if (id === undefined) return undefined; // 教材のファイルは、そのまま読みます
          const answer = this.#answers.get(id);
          if (answer?.state === 'present') return { contents: answer.text, loader: 'ts' };
          return { errors: [{ text: `Could not resolve "${basename(path)}"` }] };
        });
      },
    };
  }

  async #isCourseFile(full: string): Promise<boolean> {
    const path = toSlashes(relative(this.#root, full));
    return /^(chapters|datasets)\/(?!platform\/).*\.ts$/.test(path) && (await fileExists(full));
  }
}

/** 解答、採点の道具、Node.js の部品など、答えを書くのに要らないものか。 */
function isOffLimits(path: string, full: string, root: string): boolean {
  if (isBuiltin(path) || path.startsWith('#') || /^[a-z]+:/i.test(path)) return true;
  if (!/^[./\\]/.test(path)) return false; // ただのパッケージの名前
  return !toSlashes(relative(root, full)).startsWith('exercises/');
}
