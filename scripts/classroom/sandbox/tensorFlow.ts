import type * as tf from '@tensorflow/tfjs';

type TensorFlow = typeof tf;

/** 提出されたプログラムには渡さないもの。ファイルと通信、計算の仕組みの入れかえなど、採点を変えられるものです。 */
const withheld = new Set([
  ...['env', 'ENV', 'Environment', 'engine', 'io', 'browser', 'data', 'serialization', 'util'],
  ...['backend', 'setBackend', 'getBackend', 'registerBackend', 'removeBackend', 'findBackend'],
  ...['findBackendFactory', 'ready', 'registerKernel', 'unregisterKernel', 'registerGradient'],
  ...['unregisterGradient', 'copyRegisteredKernels', 'getKernel', 'getGradient'],
  ...['getKernelsForBackend', 'setPlatform', 'KernelBackend', 'DataStorage', 'device_util'],
  ...['test_util', 'loadLayersModel', 'loadGraphModel', 'loadGraphModelSync', 'GraphModel'],
  ...['registerOp', 'deregisterOp', 'disposeVariables', 'registerCallbackConstructor'],
  ...['enableDebugMode', 'setdeprecationWarningFn', 'default', 'MathBackendCPU'],
  ...['MathBackendWebGL', 'GPGPUContext', 'gpgpu_util', 'webgl', 'webgl_util', 'setWebGLContext'],
  ...['kernel_impls', 'shared', 'forceHalfFloat'],
]);

/**
 * TF.js の関数と型を書きかえられないようにし、提出されたプログラムに渡してよいものだけを集めます。
 *
 * テンソルの値や、モデルの重みなど、使うたびに変わるものはそのままです。
 *
 * @param tensorFlow - 採点も使う TF.js。
 * @returns 提出されたプログラムが `import * as tf from '@tensorflow/tfjs'` で受けとるもの。
 */
export function confineTensorFlow(tensorFlow: TensorFlow): Readonly<Record<string, unknown>> {
  const given: Record<string, unknown> = { __esModule: true };
  for (const [name, value] of Object.entries(tensorFlow)) {
    if (!withheld.has(name)) given[name] = value;
  }
  freezeParts(tensorFlow, Object.values(given));
  // 形を調べる関数などは渡し、通信する fetch は渡しません
  given['util'] = Object.freeze({ ...tensorFlow.util, fetch: undefined });
  given['serialization'] = confineSerialization(tensorFlow);
  return Object.freeze(given);
}

/** 新しい層の型は登録できますが、はじめからある型を置きかえることはできません。 */
function confineSerialization({ serialization }: TensorFlow): Readonly<Record<string, unknown>> {
  const { Serializable, SerializationMap, registerClass } = serialization;
  const original = new Set(Object.keys(SerializationMap.getMap().classNameMap));
  return Object.freeze({
    Serializable,
    registerClass: (constructor: Parameters<typeof registerClass>[0]) => {
      if (original.has(constructor.className)) {
        throw new TypeError(`${constructor.className} は、はじめからある型の名前です。`);
      }
      return registerClass(constructor);
    },
  });
}

function freezeParts(tensorFlow: TensorFlow, given: readonly unknown[]): void {
  const { layers, sequential, train, serialization } = tensorFlow;
  const samples = [
    tensorFlow.scalar(0),
    tensorFlow.variable(tensorFlow.scalar(0)),
    sequential({ layers: [layers.dense({ units: 1, inputShape: [1] })] }),
  ] as const;
  const [scalar, variable, model] = samples;
  const registered = Object.values(serialization.SerializationMap.getMap().classNameMap);
  const parts: unknown[] = [
    ...given,
    ...registered.map(([constructor]) => constructor),
    ...samples.map((sample) => sample.constructor),
    ...model.weights.map((weight) => weight.constructor),
    ...model.inputs.map((input) => input.constructor),
    ...model.layers.flatMap((layer) => layer.inboundNodes.map((node) => node.constructor)),
    train.sgd(0.1).constructor,
  ];
  for (const part of parts) freezeFunctions(part);
  tensorFlow.dispose([scalar, variable]);
  model.dispose();
}

/** 関数か、関数を集めたものを凍らせます。計算の仕組みのように、自分の状態を持つものには触りません。 */
function freezeFunctions(part: unknown): void {
  if (typeof part === 'function') {
    freezeChain(part, Function.prototype);
    freezeChain(part.prototype, Object.prototype);
  } else if (isNamespace(part)) {
    Object.values(part).forEach(freezeFunctions);
    Object.freeze(part);
  }
}

/** 継いでいるものを、`end` の手前までたどって凍らせます。 */
function freezeChain(start: unknown, end: object): void {
  let one = start;
  while (one !== null && one !== end && (typeof one === 'object' || typeof one === 'function')) {
    if (Object.isFrozen(one)) return;
    freezeButInheritable(one);
    one = Object.getPrototypeOf(one);
  }
}

/**
 * 凍らせます。ただし、これを継いだものが、同じ名前の値を自分に書くことは許します。
 * JavaScript では、凍らせただけだと、それもできなくなるからです。
 */
function freezeButInheritable(target: object): void {
  for (const [name, { value, writable, configurable, enumerable }] of Object.entries(
    Object.getOwnPropertyDescriptors(target),
  )) {
    if (writable !== true || configurable !== true) continue;
    Object.defineProperty(target, name, {
      get: () => value as unknown,
      set(this: object, next: unknown) {
        if (!Object.isExtensible(this)) throw new TypeError(`${name} は書きかえられません。`);
        const own = { value: next, writable: true, configurable: true, enumerable: true };
        Object.defineProperty(this, name, own);
      },
      configurable: false,
      enumerable: enumerable === true,
    });
  }
  Object.freeze(target);
}

function isNamespace(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((member) => typeof member === 'function')
  );
}
