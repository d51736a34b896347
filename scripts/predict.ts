/**
 * 自分の写真を、学習したモデルに見せます: `npm run predict -- 写真.jpg`。
 *
 * @module
 */
import {
  color,
  displayPath,
  fileExists,
  formatPercent,
  installErrorReporter,
  joinPath,
  listFiles,
  modifiedTime,
  padDisplay,
  parseOptions,
  print,
  projectRoot,
  reportError,
  resolvePath,
  terminal,
  UserError,
} from '#platform';
import { useDevice } from '../chapters/support/backend/index.ts';
import { terminalImages } from '../chapters/support/figures/index.ts';
import { openPhotoModel } from '../chapters/support/photoModel.ts';
import { loadBackbone } from '../chapters/support/pretrained/index.ts';

const shownClasses = 5; // 上から何番目まで見せるか
const widestBar = 40; // 棒の長さ(文字)

installErrorReporter();
const { values: options, operands: photos } = parseOptions({
  command: 'npm run predict --',
  summary:
    '写真(JPEG、PNG、WebP など)を、学習したモデルに見せ、何に見えるかを上から 5 つ答えます。',
  operands: '写真.jpg …',
  options: {
    model: {
      type: 'text',
      help: '章の番号(01、02-1、03 など)か、モデルのフォルダー。省くと、いちばん新しく学習したものです。',
    },
  },
});
if (photos.length === 0) {
  throw new UserError(
    '写真が指定されていません。',
    'npm run predict -- 写真.jpg のように、1 枚以上並べてください。',
  );
}
const folder = await chooseModel(options.model);
await useDevice('cpu');
const model = await openPhotoModel(folder, loadBackbone);
const { classNames, dataset } = model.notes;
print(`モデル: ${displayPath(folder)}(${dataset} で学習)`);
const examples = classNames.slice(0, 10).join('、') + (classNames.length > 10 ? ' など' : '');
print(
  `このモデルが知っているのは ${classNames.length} クラス(${examples})だけで、何を見せても、そのどれかを答えます。`,
);
for (const photo of photos) {
  print(`\n${color.bold(photo)}`);
  try {
    const { probabilities, pixels, side } = await model.predict(resolvePath(photo));
    const source = {
      ...{ images: pixels, labels: [0], classNames },
      imageShape: [side, side, 3] as const,
    };
    const picture = terminalImages(source, { size: 32, caption: () => '' }).trimEnd();
    if (picture !== '') print(picture);
    for (const line of bars(probabilities)) print(line);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    reportError(error); // 終了コードは 1 になります。ほかの写真は続けます
  }
}
model.dispose();

/** 確率の高い順に、名前と棒と百分率を並べます。幅が足りなければ、名前を上の行に書きます。 */
function bars(probabilities: Float32Array): string[] {
  const order = [...probabilities.keys()].sort((a, b) => probabilities[b]! - probabilities[a]!);
  const top = order.slice(0, shownClasses).map((label) => ({
    name: classNames[label]!,
    probability: probabilities[label]!,
  }));
  const { columns } = terminal;
  const limit = Math.max(4, Math.floor(columns / 2) - 4);
  const fits = (name: string, width: number): boolean => padDisplay(name, width + 1) !== name;
  const oneLine = top.every(({ name }) => fits(name, limit));
  let nameWidth = 0;
  while (oneLine && !top.every(({ name }) => fits(name, nameWidth))) nameWidth++;
  const percentWidth = '100.0 %'.length;
  const room = columns - 1 - 2 - nameWidth - 1 - 1 - percentWidth; // 字下げ、空白、百分率を除く
  const barWidth = Math.max(1, Math.min(widestBar, room));
  return top.flatMap(({ name, probability }, rank) => {
    const filled = '█'.repeat(Math.round(probability * barWidth));
    const empty = ' '.repeat(barWidth - filled.length);
    const bar = rank === 0 ? color.cyan(filled) : color.dim(filled);
    const share = padDisplay(formatPercent(probability), percentWidth, 'right');
    return oneLine
      ? [`  ${padDisplay(name, nameWidth)} ${bar}${empty} ${share}`]
      : [`  ${name}`, `   ${bar}${empty} ${share}`];
  });
}

/** 章の番号かフォルダーから、モデルのフォルダーを決めます。 */
async function chooseModel(choice: string | undefined): Promise<string> {
  const outputs = joinPath(projectRoot, 'outputs');
  const trained: { chapter: string; folder: string; time: number }[] = [];
  for (const chapter of await listFiles(outputs)) {
    const found = await modelIn(joinPath(outputs, chapter));
    if (found === undefined) continue;
    const time = await modifiedTime(joinPath(found, 'model.json'));
    trained.push({ chapter, folder: found, time });
  }
  trained.sort((a, b) => b.time - a.time);
  if (choice === undefined) {
    const [newest] = trained;
    if (newest !== undefined) return newest.folder;
    throw new UserError(
      '学習したモデルが、まだありません。',
      '先に npm run chapter -- 02-1 で学習してください。',
    );
  }
  if (/^\d\d(-\d+)?$/.test(choice)) {
    const found = trained.find(
      ({ chapter }) => chapter.replace(/^(\d+(-\d+)?)-.*/, '$1') === choice,
    );
    if (found !== undefined) return found.folder;
    throw new UserError(
      `第 ${choice} 章で学習したモデルが、まだありません。`,
      `先に npm run chapter -- ${choice} で学習してください。`,
    );
  }
  const folder = resolvePath(choice);
  return (await modelIn(folder)) ?? folder; // ないときは、openPhotoModel がわけを言います
}

async function modelIn(folder: string): Promise<string | undefined> {
  for (const candidate of [folder, joinPath(folder, 'model')]) {
    if (await fileExists(joinPath(candidate, 'model.json'))) return candidate;
  }
  return undefined;
}
