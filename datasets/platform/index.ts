/**
 * ファイル、端末、通信など、動かす場所によって変わるものに触る、ただ一つの部屋です。
 * 章のプログラムはここだけを通すので、ブラウザーの中でも同じものが動かせます。
 *
 * @module
 */
export { runApart, type ApartJob, type ApartOutcome } from './apart.ts';
export {
  extractFiles,
  fileSize,
  freeBytes,
  hashOfFile,
  readRemoteFile,
  receivePart,
  sleep,
  TransferError,
  tryLock,
  type HashName,
  type Lock,
  type PartRequest,
  type RemoteFile,
  type TransferFailure,
} from './download.ts';
export { enableRelaxedSimd } from './engine.ts';
export { errorCode, errorText, InterruptedError, OutOfMemoryError, UserError } from './errors.ts';
export {
  displayPath,
  fileExists,
  joinPath,
  listFiles,
  makeDir,
  makeTempDir,
  modifiedTime,
  moveIntoPlace,
  projectRoot,
  readBytes,
  readFolder,
  readText,
  removePath,
  renamePath,
  requireWritableFolder,
  resolvePath,
  writeFailure,
  writeFileAtomic,
} from './files.ts';
export { decodeImage, imageExtensions, type DecodedImage } from './images.ts';
export { encodePng } from './png.ts';
export { readInto, readRange } from './readInto.ts';
export {
  findWebGpu,
  installedVersion,
  loadNativeTensorFlow,
  prepareWebGpu,
  type GpuAdapter,
} from './packages.ts';
export {
  describeMachine,
  environment,
  explainErrorsWith,
  installErrorReporter,
  interruptSignal,
  now,
  optionFlag,
  parseOptions,
  peakMemoryBytes,
  reportError,
  today,
  yieldToEvents,
  type Machine,
  type OptionSpec,
  type OptionValues,
  type ProgramSpec,
} from './process.ts';
export {
  color,
  createProgress,
  formatBytes,
  formatCount,
  formatDuration,
  formatPercent,
  padDisplay,
  print,
  printNote,
  terminal,
  type Progress,
  type ProgressOptions,
  type TerminalColors,
} from './terminal.ts';
