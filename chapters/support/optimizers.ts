import * as tf from '@tensorflow/tfjs';
import { trainingKernels, type KernelRuntime } from './kernels/index.ts';

/** 使える最適化手法。 */
export const optimizerNames = ['sgd', 'momentum', 'adam', 'adagrad', 'rmsprop'] as const;

/** 最適化手法の名前。 */
export type OptimizerName = (typeof optimizerNames)[number];

/** {@link createOptimizer} の設定。 */
export interface OptimizerOptions {
  /** 学習率。0 より大きい値。 */
  readonly learningRate: number;
  /** 慣性の強さ(0 以上 1 未満、既定 0.9)。momentum だけが使います。 */
  readonly momentum?: number;
  /** 重み減衰の強さ。勾配に weightDecay × 重み を足します(既定 0)。 */
  readonly weightDecay?: number;
}

/** 1 回の更新に使う数。 */
interface StepSettings {
  readonly learningRate: number;
  readonly momentum: number;
  readonly weightDecay: number;
  /** 何回目の更新か(1 から)。 */
  readonly step: number;
}

/** 更新式。状態(速度など)は変数と同じ形のテンソルです。 */
interface UpdateRule {
  /** 変数 1 つに要る状態の数。 */
  readonly numStates: number;
  /** どのバックエンドでも動く式。新しい重みと、新しい状態を返します。g には重み減衰が足してあります。 */
  compute(
    w: tf.Tensor,
    g: tf.Tensor,
    states: tf.Tensor[],
    settings: StepSettings,
  ): [w: tf.Tensor, ...states: tf.Tensor[]];
  /** 学習用カーネルで、番地の中身をその場で書き換えます。 */
  fused?(
    kernels: KernelRuntime['kernels'],
    w: number,
    g: number,
    states: number[],
    size: number,
    settings: StepSettings,
  ): void;
}

// 式と定数は PyTorch の torch.optim と同じです。
const ADAM_BETA1 = 0.9;
const ADAM_BETA2 = 0.999;
const ADAM_EPSILON = 1e-8;
const ADAGRAD_EPSILON = 1e-10;
const RMSPROP_DECAY = 0.99;
const RMSPROP_EPSILON = 1e-8;

/** Adam の、はじめのうち状態が 0 に寄っている分を直す係数。 */
function adamCorrection({ learningRate, step }: StepSettings): {
  stepSize: number;
  inverseRoot: number;
} {
  return {
    stepSize: learningRate / (1 - ADAM_BETA1 ** step),
    inverseRoot: 1 / Math.sqrt(1 - ADAM_BETA2 ** step),
  };
}

/** 0.9 × old + 0.1 × value のような混ぜ方。 */
function blend(old: tf.Tensor, value: tf.Tensor, keep: number): tf.Tensor {
  return tf.add(tf.mul(old, keep), tf.mul(value, 1 - keep));
}

const rules: Record<OptimizerName, UpdateRule> = {
  sgd: {
    numStates: 0,
    compute: (w, g, _states, { learningRate }) => [tf.sub(w, tf.mul(g, learningRate))],
    fused: (kernels, w, g, _states, size, { learningRate, weightDecay }) => {
      kernels.sgdStep(w, g, size, learningRate, weightDecay);
    },
  },
  momentum: {
    numStates: 1,
    compute: (w, g, [old], { learningRate, momentum }) => {
      const velocity = tf.add(tf.mul(old!, momentum), g);
      return [tf.sub(w, tf.mul(velocity, learningRate)), velocity];
    },
    fused: (kernels, w, g, [velocity], size, { learningRate, momentum, weightDecay }) => {
      kernels.momentumStep(w, velocity!, g, size, learningRate, momentum, weightDecay);
    },
  },
  adam: {
    numStates: 2,
    compute: (w, g, [oldMean, oldSquare], settings) => {
      const { stepSize, inverseRoot } = adamCorrection(settings);
      const mean = blend(oldMean!, g, ADAM_BETA1);
      const square = blend(oldSquare!, tf.square(g), ADAM_BETA2);
      const scale = tf.add(tf.mul(tf.sqrt(square), inverseRoot), ADAM_EPSILON);
      return [tf.sub(w, tf.mul(tf.div(mean, scale), stepSize)), mean, square];
    },
    fused: (kernels, w, g, [mean, square], size, settings) => {
      const { stepSize, inverseRoot } = adamCorrection(settings);
      kernels.adamStep(
        w,
        mean!,
        square!,
        g,
        size,
        stepSize,
        inverseRoot,
        ADAM_BETA1,
        1 - ADAM_BETA1,
        ADAM_BETA2,
        1 - ADAM_BETA2,
        ADAM_EPSILON,
        settings.weightDecay,
      );
    },
  },
  adagrad: {
    numStates: 1,
    compute: (w, g, [old], { learningRate }) => {
      const sum = tf.add(old!, tf.square(g));
      const scaled = tf.div(g, tf.add(tf.sqrt(sum), ADAGRAD_EPSILON));
      return [tf.sub(w, tf.mul(scaled, learningRate)), sum];
    },
  },
  rmsprop: {
    numStates: 1,
    compute: (w, g, [old], { learningRate }) => {
      const square = blend(old!, tf.square(g), RMSPROP_DECAY);
      const scaled = tf.div(g, tf.add(tf.sqrt(square), RMSPROP_EPSILON));
      return [tf.sub(w, tf.mul(scaled, learningRate)), square];
    },
  },
};

/** PyTorch と同じ式で重みを更新する最適化手法。 */
class TrainingOptimizer extends tf.Optimizer {
  /** TF.js が保存に使うクラスの名前。 */
  static readonly className = 'TrainingOptimizer';
  /** 学習率。更新のたびに変えてかまいません(学習率のスケジュール)。 */
  learningRate: number;
  readonly #name: OptimizerName;
  readonly #momentum: number;
  readonly #weightDecay: number;
  /** 変数ごとの状態。 */
  readonly #states = new Map<tf.Variable, tf.Variable[]>();
  #step = 0;

  constructor(name: OptimizerName, { learningRate, momentum, weightDecay }: OptimizerOptions) {
    super();
    this.#name = name;
    this.learningRate = learningRate;
    this.#momentum = momentum ?? 0.9;
    this.#weightDecay = weightDecay ?? 0;
  }

  override applyGradients(gradients: Parameters<tf.Optimizer['applyGradients']>[0]): void {
    const entries = Array.isArray(gradients)
      ? gradients.map(({ name, tensor }) => [name, tensor] as const)
      : Object.entries(gradients);
    const settings = {
      learningRate: this.learningRate,
      momentum: this.#momentum,
      weightDecay: this.#weightDecay,
      step: ++this.#step,
    };
    for (const [name, gradient] of entries) {
      const variable = tf.engine().registeredVariables[name];
      if (variable === undefined) throw new Error(`勾配を受け取る変数 ${name} がありません。`);
      this.#update(variable, gradient, settings);
    }
    this.incrementIterations();
  }

  #update(variable: tf.Variable, gradient: tf.Tensor, settings: StepSettings): void {
    const rule = rules[this.#name];
    const states = this.#statesOf(variable, rule.numStates);
    const runtime = trainingKernels();
    if (rule.fused !== undefined && runtime !== undefined && gradient.dtype === 'float32') {
      const { heap, kernels } = runtime;
      const owned = [variable, ...states];
      for (const tensor of owned) makeExclusive(tensor, runtime);
      const addresses = states.map((state) => heap.address(state));
      rule.fused(
        kernels,
        heap.address(variable),
        heap.address(gradient),
        addresses,
        variable.size,
        settings,
      );
      heap.markModified(variable);
      return;
    }
    tf.tidy(() => {
      const decay = settings.weightDecay;
      const g = decay === 0 ? gradient : tf.add(gradient, tf.mul(variable, decay));
      const [w, ...next] = rule.compute(variable, g, states, settings);
      variable.assign(w);
      for (const [i, state] of next.entries()) states[i]!.assign(state);
    });
  }

  #statesOf(variable: tf.Variable, count: number): tf.Variable[] {
    let states = this.#states.get(variable);
    if (states === undefined) {
      // 状態は tidy の外でも生き続ける変数にします。訓練する変数ではありません。
      states = Array.from({ length: count }, () =>
        tf.tidy(() => tf.variable(tf.zeros(variable.shape), false)),
      );
      this.#states.set(variable, states);
    }
    return states;
  }

  override dispose(): void {
    for (const states of this.#states.values()) tf.dispose(states);
    this.#states.clear();
    super.dispose();
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {
      name: this.#name,
      learningRate: this.learningRate,
      momentum: this.#momentum,
      weightDecay: this.#weightDecay,
    };
  }
}

/** 中身を他のテンソルと分け合っている変数に、自分だけの中身を持たせます(`clone()` した側を巻き添えにしないため)。 */
function makeExclusive(variable: tf.Variable, { heap }: KernelRuntime): void {
  if (!heap.isShared(variable)) return;
  tf.tidy(() => {
    const copy = tf.tensor(variable.dataSync(), variable.shape, variable.dtype);
    variable.assign(copy);
  });
}

/**
 * 最適化手法を作ります。`tf.train.*` の代わりに使い、`minimize`、`applyGradients`、`dispose` が同じように使えます。
 *
 * 更新式と定数は PyTorch の `torch.optim`(SGD、Adam、Adagrad、RMSprop の既定値)と同じです。学習用カーネルの入った wasm では、
 * sgd、momentum、adam が重みをその場で書き換える 1 つの計算になります(TF.js の式のままだと、全結合の網では更新が学習時間の半分を占めます)。
 *
 * @param name 手法の名前
 * @param options 学習率など。`learningRate` は作ったあとも代入で変えられます
 */
export function createOptimizer(
  name: OptimizerName,
  options: OptimizerOptions,
): tf.Optimizer & { learningRate: number } {
  return new TrainingOptimizer(name, options);
}
