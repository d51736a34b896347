/**
 * 考え方の図を描いて、章の figures フォルダーに置きます: `npm run concepts`。
 *
 * `--check` を付けると何も書かず、置いてある図と、今のコードが描く図を比べます。
 *
 * @module
 */
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { PNG } from 'pngjs';
import {
  fileExists,
  installErrorReporter,
  joinPath,
  listFiles,
  print,
  projectRoot,
  readBytes,
  readText,
  UserError,
  writeFileAtomic,
} from '#platform';
import { conceptFigures } from '../chapters/support/figures/concepts/index.ts';
import { imageGridPng } from '../chapters/support/figures/index.ts';
import { createShapes10 } from '../datasets/shapes10.ts';

/** 描いた図 1 枚。 */
export interface DrawnFigure {
  /** 置き場所のフォルダー(いちばん上からの相対パス)。 */
  readonly folder: string;
  /** ファイルの名前。 */
  readonly file: string;
  /** 中身。SVG は文字列、PNG はバイト列です。 */
  readonly content: string | Uint8Array;
}

/**
 * すべての図を描きます。
 *
 * @returns 描いた図。同じコードからはいつも同じ図になります。
 */
export function drawFigures(): DrawnFigure[] {
  const drawn: DrawnFigure[] = [];
  for (const [chapter, figures] of Object.entries(conceptFigures)) {
    const folder = `chapters/${chapter}/figures`;
    for (const [name, draw] of Object.entries(figures)) {
      drawn.push({ folder, file: `${name}.svg`, content: draw() });
    }
  }
  const { trainSet } = createShapes10({ trainSize: 400, testSize: 10 });
  drawn.push({
    folder: 'chapters/01-fully-connected/figures',
    file: 'shapes10-samples.png',
    content: imageGridPng(trainSet, { perClass: 8 }),
  });
  return drawn;
}

/**
 * 置いてある図が、描いた図と同じかを調べます。
 *
 * @param root - 調べるリポジトリのフォルダー。
 * @param drawn - 描いた図。
 * @returns 違いの説明。同じなら空です。
 */
export async function findDifferences(
  root: string,
  drawn: readonly DrawnFigure[],
): Promise<string[]> {
  const differences: string[] = [];
  for (const { folder, file, content } of drawn) {
    const path = joinPath(root, folder, file);
    if (!(await fileExists(path))) {
      differences.push(`${folder}/${file} がありません。`);
    } else if (!(await hasContent(path, content))) {
      differences.push(`${folder}/${file} が、今のコードが描く図と違います。`);
    }
  }
  for (const folder of new Set(drawn.map((figure) => figure.folder))) {
    const known = new Set(drawn.filter((one) => one.folder === folder).map((one) => one.file));
    for (const file of await listFiles(joinPath(root, folder))) {
      if (!known.has(file)) differences.push(`${folder}/${file} は、どのコードも描いていません。`);
    }
  }
  return differences;
}

async function hasContent(path: string, content: string | Uint8Array): Promise<boolean> {
  if (typeof content === 'string') {
    return (await readText(path)).replaceAll('\r\n', '\n') === content;
  }
  // 圧縮の結果は zlib の版によって違うので、PNG は画素で比べます
  const [placed, drawn] = [await readBytes(path), content].map(decode);
  return (
    placed !== undefined &&
    drawn !== undefined &&
    placed.width === drawn.width &&
    placed.height === drawn.height &&
    placed.data.equals(drawn.data)
  );
}

function decode(bytes: Uint8Array): PNG | undefined {
  try {
    return PNG.sync.read(Buffer.from(bytes));
  } catch {
    return undefined; // 壊れた PNG は「違う」と報告します
  }
}

async function main(): Promise<void> {
  const drawn = drawFigures();
  if (process.argv.includes('--check')) {
    const differences = await findDifferences(projectRoot, drawn);
    if (differences.length > 0) {
      throw new UserError(
        `考え方の図が、コードと合っていません。\n${differences.map((one) => `  ${one}`).join('\n')}`,
        '`npm run concepts` で描き直してください。描いていない図は消してください。',
      );
    }
    print(`考え方の図 ${drawn.length} 枚は、コードと一致しています。`);
    return;
  }
  for (const { folder, file, content } of drawn) {
    const path = joinPath(projectRoot, folder, file);
    // PNG は、画素が同じなら書き直しません(圧縮の違いだけで差分が出るのを避けます)
    if ((await fileExists(path)) && (await hasContent(path, content))) continue;
    await writeFileAtomic(path, content);
    print(`${folder}/${file} を描きました。`);
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  installErrorReporter();
  await main();
}
