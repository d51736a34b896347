import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { UserError } from '#platform';
import type { Exercise } from '../../grading/exercises.ts';

const pointsSchema = z.object({
  points: z.record(z.string(), z.number()).default({}),
});

/**
 * 演習ごとの点を、class.json から読みます。
 *
 * @param path - class.json。省くと、どの演習も 1 点です。
 * @returns 番号(と `default`)から、点を引く表。
 * @throws UserError 読めないか、整数でない点があるとき。
 */
export async function readPoints(
  path: string | undefined,
): Promise<Readonly<Record<string, number>>> {
  if (path === undefined) return {};
  let points: Readonly<Record<string, number>>;
  try {
    ({ points } = pointsSchema.parse(JSON.parse(await readFile(path, 'utf8'))));
  } catch (error) {
    throw new UserError(
      `点の表 ${path} を読めません。`,
      '{ "points": { "default": 1, "01-24": 3 } } の形の JSON にしてください。',
      { cause: error },
    );
  }
  for (const [id, value] of Object.entries(points)) {
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new UserError(
        `${id} の点 ${value} は使えません。`,
        'GitHub Classroom の点は、0 以上の整数にしてください。',
      );
    }
  }
  return points;
}

/**
 * GitHub Classroom の自動採点のワークフローを作ります。演習ごとに採点し、点を合計します。
 *
 * @param exercises - 選んだ演習。
 * @param points - 番号(と `default`)から、点を引く表。
 * @returns `.github/workflows/classroom.yml` の全文。
 */
export function classroomWorkflow(
  exercises: readonly Pick<Exercise, 'id' | 'title'>[],
  points: Readonly<Record<string, number>>,
): string {
  const steps = exercises.map(({ id, title }) => {
    // JSON の文字列は、そのまま YAML の文字列です
    return `      - name: ${JSON.stringify(`${id} ${title}`)}
        id: ${stepId(id)}
        if: always() && steps.install.outcome == 'success'
        uses: classroom-resources/autograding-command-grader@v1
        with:
          test-name: ${JSON.stringify(`${id} ${title}`)}
          setup-command: ''
          command: npm test -- ${id} --strict
          timeout: 2
          max-score: ${points[id] ?? points['default'] ?? 1}
`;
  });
  const results = exercises.map(
    ({ id }) =>
      `          ${stepId(id).toUpperCase()}_RESULTS: \${{ steps.${stepId(id)}.outputs.result }}\n`,
  );
  return `# GitHub Classroom の自動採点です。class:release が作りました。点は max-score です。
name: Autograding Tests

on:
  push:
  workflow_dispatch:
  repository_dispatch:

permissions:
  checks: write
  actions: read
  contents: read

jobs:
  run-autograding-tests:
    runs-on: ubuntu-latest
    timeout-minutes: 30
    # 先生の雛形を写しただけのときは、採点しません
    if: github.actor != 'github-classroom[bot]'
    steps:
      - uses: actions/checkout@v6
        with:
          persist-credentials: false
      - uses: actions/setup-node@v6
        with:
          node-version: '22'
          cache: npm
      - id: install
        run: npm ci
${steps.join('')}      - name: Autograding Reporter
        if: always() && steps.install.outcome == 'success'
        uses: classroom-resources/autograding-grading-reporter@v1
        env:
${results.join('')}        with:
          runners: ${exercises.map(({ id }) => stepId(id)).join(',')}
`;
}

/** ステップの名前は、英字から始まる英数字と _ です。 */
function stepId(id: string): string {
  return `exercise_${id.replaceAll('-', '_')}`;
}
