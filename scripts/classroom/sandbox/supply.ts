import { plainPackages, tensorPackages } from '../../grading/run.ts';
import type { Sandbox } from './command.ts';
import { SandboxedProcess } from './process.ts';
import type { SandboxPrograms } from './specBundles.ts';

/** 隔離されたプロセスを、頼まれる前に用意しておきます。始めて道具を読みこむ時間を、待たずに済みます。 */
export class ProcessSupply {
  readonly #sandbox: Sandbox;
  readonly #child: string;
  readonly #spares = new Map<boolean, SandboxedProcess[]>();
  readonly #all = new Set<SandboxedProcess>();

  /**
   * @param sandbox - 閉じこめ方。
   * @param programs - 動かすもの。
   */
  constructor(sandbox: Sandbox, programs: SandboxPrograms) {
    this.#sandbox = sandbox;
    this.#child = programs.child;
  }

  /**
   * 新しいプロセスを受けとります。代わりに、次のものを用意し始めます。
   *
   * @param usesTensors - TF.js を使うか。
   * @returns まだ何も採点していないプロセス。
   */
  take(usesTensors: boolean): SandboxedProcess {
    const spares = this.#spares.get(usesTensors) ?? [];
    const taken = spares.shift() ?? this.#start(usesTensors);
    spares.push(this.#start(usesTensors));
    this.#spares.set(usesTensors, spares);
    return taken;
  }

  /** 使い終わったプロセスを止めます。 */
  release(used: SandboxedProcess): void {
    used.close();
    this.#all.delete(used);
  }

  /** すべて止めます。 */
  close(): void {
    for (const one of this.#all) one.close();
    this.#all.clear();
    this.#spares.clear();
  }

  #start(usesTensors: boolean): SandboxedProcess {
    const packages = usesTensors ? tensorPackages : plainPackages;
    const started = new SandboxedProcess(this.#sandbox, [this.#child, ...packages]);
    this.#all.add(started);
    return started;
  }
}
