/**
 * すべての Markdown のリンク、図、HTML と、章のページのつながりを調べます(verify の「リンク」)。
 *
 * @module
 */
import { installErrorReporter, print, projectRoot } from '#platform';
import { checkChapterPages } from './chapterPages.ts';
import { checkLinks } from './links.ts';
import { listMarkdown } from './markdownFiles.ts';
import { printProblems } from './problems.ts';

installErrorReporter();
const files = await listMarkdown(projectRoot);
const problems = [
  ...(await checkLinks(projectRoot, files)),
  ...(await checkChapterPages(projectRoot)),
];
printProblems(problems);
if (problems.length > 0) process.exitCode = 1;
print(`Markdown ${files.length} 個を調べ、直すところが ${problems.length} か所ありました。`);
