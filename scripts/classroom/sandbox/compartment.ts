import { NotImplementedError } from '../../../exercises/support/notImplemented.ts';
import type { AnswerExports } from './answers.ts';
import { answerParameters, type SandboxRequest } from './protocol.ts';

/** 提出されたプログラムに渡さない、大域の名前。使おうとしたら、先生に知らせます。 */
const forbidden = [
  ...['process', 'global', 'require', 'Buffer', 'fetch', 'WebSocket', 'XMLHttpRequest', 'Worker'],
  ...['navigator', 'WebAssembly', 'SharedArrayBuffer', 'Atomics', 'setInterval', 'setImmediate'],
];

/** ふつうのプログラムが使うもの。SES は、乱数や時刻などが決まらないことを嫌って、はじめは渡しません。 */
const ordinary = { Math, Date, Intl, Float32Array, Float64Array };

/** {@link Confinement} に渡すもの。 */
export interface Surroundings {
  /** 渡してよい TF.js。使わない演習では undefined。 */
  readonly tensorFlow: Readonly<Record<string, unknown>> | undefined;
  /** 渡していないものを使おうとしたときに呼ばれます。 */
  readonly onForbidden: (what: string) => void;
}

/**
 * 提出されたプログラムを動かす区画(Compartment)です。
 *
 * 組みこみの `Math` や `Array.prototype` は、`lockdown()` で凍らせてあります。区画の中のプログラムは、渡されたものにしか触れません。
 * ファイル、通信、ほかのプログラム、採点の道具に届く道は、渡しません。
 */
export class Confinement {
  readonly #surroundings: Surroundings;
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  /**
   * プログラムを、新しい区画で動かします。
   *
   * @param request - プログラム。
   * @returns 輸出するもの。
   * @throws プログラムの、関数の外側で起きたエラー。
   */
  load({ code, name }: SandboxRequest): AnswerExports {
    const { tensorFlow, onForbidden } = this.#surroundings;
    const compartment = new Compartment({
      __options__: true,
      globals: harden({ ...this.#globals(), ...ordinary }),
    });
    const told = new Set<string>();
    const tellOnce = (what: string): void => {
      if (told.has(what)) return; // 何度も触るプログラムが、知らせであふれさせないように、1 度だけ知らせます
      told.add(what);
      onForbidden(what);
    };
    for (const global of forbidden) {
      Object.defineProperty(compartment.globalThis, global, {
        get: () => {
          tellOnce(global);
          return undefined;
        },
      });
    }
    Object.freeze(compartment.globalThis);
    const modules = new Map<string, unknown>([
      ['#exercise', harden({ __esModule: true, NotImplementedError })],
      ['@tensorflow/tfjs', tensorFlow],
    ]);
    const module = { exports: {} as AnswerExports };
    const given: Record<string, unknown> = {
      require: harden((wanted: unknown) => modules.get(String(wanted))),
      module,
      exports: module.exports,
    };
    const globals = compartment.globalThis as Record<string, unknown>;
    const program = this.#evaluate(compartment, `${code}\n//# sourceURL=/answer/${name}`);
    program(
      ...answerParameters.map((parameter) =>
        parameter in given ? given[parameter] : globals[parameter],
      ),
    );
    return module.exports;
  }

  /** 動き続けているタイマーを止めます。 */
  stopTimers(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #evaluate(compartment: Compartment, source: string): (...given: unknown[]) => void {
    try {
      return compartment.evaluate(source) as (...given: unknown[]) => void;
    } catch (error) {
      // あとから読みこむ import(…) は、区画から出る道になるので、SES が断ります
      if (error instanceof SyntaxError && /import expression/i.test(error.message)) {
        this.#surroundings.onForbidden('import()');
      }
      throw error;
    }
  }

  #globals(): Record<string, unknown> {
    const silent = (): void => undefined; // 出力は、採点に使わないので捨てます
    return {
      console: {
        ...{ log: silent, info: silent, warn: silent, error: silent, debug: silent },
        ...{ table: silent, dir: silent, time: silent, timeEnd: silent, assert: silent },
      },
      performance: { now: () => performance.now() },
      structuredClone: (value: unknown): unknown => structuredClone(value),
      queueMicrotask: (work: () => void) => {
        queueMicrotask(() => {
          work();
        });
      },
      setTimeout: (work: (...given: unknown[]) => void, ms?: number, ...given: unknown[]) => {
        const timer = setTimeout(() => {
          this.#timers.delete(timer);
          work(...given);
        }, Number(ms));
        this.#timers.add(timer);
        return timer[Symbol.toPrimitive]();
      },
      clearTimeout: (id: unknown) => {
        for (const timer of this.#timers) {
          if (timer[Symbol.toPrimitive]() !== Number(id)) continue;
          clearTimeout(timer);
          this.#timers.delete(timer);
        }
      },
    };
  }
}
