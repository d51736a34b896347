/**
 * 日本語の文章を textlint で調べます(verify の「文章」)。規則は `.textlintrc.json` にあり、エディターの textlint も同じ規則で動きます。
 *
 * README に埋めこまれたコード、出力、図は、プログラムと記録の側を直すものなので、ここでは見ません。
 *
 * @module
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createLinter, loadTextlintrc } from 'textlint';
import { installErrorReporter, print, projectRoot } from '#platform';
import { listMarkdown } from './markdownFiles.ts';
import { blank, findMarkers, isInline } from './markers.ts';
import { printProblems, type Problem } from './problems.ts';

installErrorReporter();
const given = process.argv.slice(2);
const files =
  given.length > 0
    ? given
    : (await listMarkdown(projectRoot)).filter((file) => !file.startsWith('.github/'));
const descriptor = await loadTextlintrc({
  configFilePath: join(projectRoot, '.textlintrc.json'),
});
const linter = createLinter({ descriptor, cwd: projectRoot });

const problems: Problem[] = [];
for (const file of files) {
  const path = join(projectRoot, file);
  const { messages } = await linter.lintText(withoutGenerated(await readFile(path, 'utf8')), path);
  for (const { loc, message, ruleId } of messages) {
    const text = message.trim().split('\n')[0]!;
    problems.push({ file, line: loc.start.line, message: `${text} (${ruleId})` });
  }
}
printProblems(problems);
if (problems.length > 0) process.exitCode = 1;
print(`文章 ${files.length} 個を調べ、直すところが ${problems.length} か所ありました。`);

function withoutGenerated(text: string): string {
  let rest = text;
  for (const { kind, bodyStart, bodyEnd } of findMarkers(text).markers) {
    if (isInline(kind)) continue;
    rest = rest.slice(0, bodyStart) + blank(rest.slice(bodyStart, bodyEnd)) + rest.slice(bodyEnd);
  }
  return rest;
}
