import type { RawError } from '../../grading/protocol.ts';
import { describeError } from '../../grading/rawError.ts';
import { runTestFile } from '../../grading/testRun.ts';
import { provideAnswer } from './answers.ts';
import { Confinement } from './compartment.ts';
import type { SandboxMessage, SandboxRequest } from './protocol.ts';
import { confineTensorFlow } from './tensorFlow.ts';

/**
 * 演習を一つずつ受けとり、採点して、結果を親に知らせます。組みこみのものを凍らせた後で呼びます。
 *
 * @param usesTensors - TF.js を使う演習を受けとるか。
 */
export async function startGrading(usesTensors: boolean): Promise<void> {
  const send = process.send!.bind(process) as (message: SandboxMessage) => void;
  // Ctrl-C は端末から親にも届き、親がこのプロセスを終わらせます。親がいなくなったら、自分で終わります
  process.on('SIGINT', () => undefined);
  process.on('disconnect', () => {
    process.exit();
  });
  const stray: RawError[] = [];
  const keepStray = (error: unknown): void => {
    stray.push(describeError(error));
  };
  process.on('uncaughtException', keepStray);
  process.on('unhandledRejection', keepStray);
  const confinement = new Confinement({
    tensorFlow: usesTensors ? await prepareTensorFlow() : undefined,
    onForbidden: (what) => {
      send({ type: 'forbidden', what });
    },
  });
  const grade = async (request: SandboxRequest): Promise<void> => {
    stray.length = 0;
    provideAnswer(() => confinement.load(request));
    const last = await runTestFile(request.bundle, send, stray);
    confinement.stopTimers();
    send(last);
  };
  process.on('message', (request: SandboxRequest) => void grade(request));
  send({ type: 'ready' });
}

async function prepareTensorFlow(): Promise<Readonly<Record<string, unknown>>> {
  const tensorFlow = await import('@tensorflow/tfjs');
  tensorFlow.enableProdMode(); // 英語の案内を止めます
  // 速い計算の仕組みは、層の計算を入れかえます。書きかえられないようにする前に、済ませます
  const { useDevice } = await import('../../../chapters/support/backend/index.ts');
  await useDevice('cpu');
  await tensorFlow.setBackend('cpu');
  return confineTensorFlow(tensorFlow);
}
