import { readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { fileExists } from '#platform';
import { listChapters, type Chapter } from './chapters.ts';
import { blankCode } from './markers.ts';
import { lineAt, type Problem } from './problems.ts';

const top = 'README.md';

/** 読める章。 */
interface Page {
  readonly chapter: Chapter;
  /** README の、いちばん上からのパス。 */
  readonly file: string;
  /** README の全文。コードの中は空白です。 */
  readonly text: string;
}

/**
 * 章のページどうしのつながりを調べます。章を加えたときに、直し忘れやすいところです。
 *
 * - プログラムのある章に README.md があること
 * - 表紙の「章の一覧」に、読める章へのリンクがあり、「準備中」と書かれていないこと
 * - 章の終わりに、前の章と次の章へのリンクがあること
 * - 読める章を「準備中」と書いた文が残っていないこと
 *
 * @param root - リポジトリのいちばん上。
 * @returns 見つかったところ。
 */
export async function checkChapterPages(root: string): Promise<Problem[]> {
  const problems: Problem[] = [];
  const pages: Page[] = [];
  for (const chapter of await listChapters(root)) {
    const file = `chapters/${chapter.name}/README.md`;
    if (await fileExists(join(root, file))) {
      pages.push({ chapter, file, text: await readProse(root, file) });
    } else if (chapter.program !== undefined) {
      problems.push({
        file,
        message: `${chapter.name} にはプログラムがあるのに、README.md がありません。`,
        mend: '本文を書いてください。',
      });
    }
  }
  const cover = (await fileExists(join(root, top))) ? await readProse(root, top) : '';
  problems.push(...checkCover(cover, pages));
  for (const [i, page] of pages.entries()) {
    problems.push(...checkNeighbours(page, pages[i - 1], pages[i + 1]));
    problems.push(...checkPromises(page.file, page.text, pages));
  }
  problems.push(...checkPromises(top, cover, pages));
  return problems;
}

async function readProse(root: string, file: string): Promise<string> {
  return blankCode((await readFile(join(root, file), 'utf8')).replaceAll('\r\n', '\n'));
}

function checkCover(cover: string, pages: readonly Page[]): Problem[] {
  const heading = /^#+ .*章の一覧.*$/m.exec(cover);
  if (heading === null) {
    return [
      { file: top, message: '見出し「章の一覧」がありません。', mend: '章の表を置いてください。' },
    ];
  }
  const start = heading.index + heading[0].length;
  const length = cover.slice(start).search(/^#/m);
  const section = cover.slice(start, length === -1 ? undefined : start + length);
  const rows = [...section.matchAll(/^\|.*$/gm)].map((row) => ({
    text: row[0],
    line: lineAt(cover, start + row.index),
  }));
  return pages.flatMap(({ chapter: { id, name }, file }) => {
    const linked = rows.find(({ text }) => text.includes(`(${file})`));
    const row =
      linked ?? rows.find(({ text }) => new RegExp(`^\\|\\s*\\[?${id}(?![-\\d])`).test(text));
    const place = { file: top, line: row?.line ?? lineAt(cover, heading.index) };
    if (linked === undefined) {
      return [
        {
          ...place,
          message: `「章の一覧」に、${name} へのリンクがありません。`,
          mend: `表の行に [${id} 章の題](${file}) を書いてください。`,
        },
      ];
    }
    return linked.text.includes('準備中')
      ? [{ ...place, message: `読める章 ${id} が、準備中と書かれています。` }]
      : [];
  });
}

function checkNeighbours(
  { file, text }: Page,
  previous: Page | undefined,
  next: Page | undefined,
): Problem[] {
  const named = text.search(/^## .*(?:前の章|次の章)/m);
  const start = named === -1 ? text.lastIndexOf('\n## ') + 1 : named;
  const ending = text.slice(start);
  const targets = [...ending.matchAll(/\]\(([^)#\s]+)/g)].map(([, path]) =>
    posix.join(posix.dirname(file), path!),
  );
  const neighbours: readonly (readonly [string, Page | undefined])[] = [
    ['前の章', previous],
    ['次の章', next],
  ];
  return neighbours.flatMap(([what, page]) => {
    if (page === undefined || targets.includes(page.file)) return [];
    const link = posix.relative(posix.dirname(file), page.file);
    return [
      {
        file,
        line: lineAt(text, start),
        message: `章の終わりに、${what} ${page.chapter.id} へのリンクがありません。`,
        mend: `見出し「前の章」か「次の章」の下に [${page.chapter.id} 章の題](${link}) を書いてください。`,
      },
    ];
  });
}

/** 「第 02-1 章は準備中です」のような文が、章ができたあとも残っていないかを見ます。 */
function checkPromises(file: string, text: string, pages: readonly Page[]): Problem[] {
  const ready = new Set(pages.map(({ chapter }) => chapter.id));
  return [...text.matchAll(/第 ?(\d\d(?:-\d)?) ?章[^。|\n]*準備中/g)]
    .filter(([, id]) => ready.has(id!))
    .map(({ 0: sentence, index }) => ({
      file,
      line: lineAt(text, index),
      message: `読める章が、「${sentence}」と書かれています。`,
    }));
}
