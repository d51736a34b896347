import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createProgress,
  describeMachine,
  formatDuration,
  print,
  readText,
  today,
  UserError,
} from '#platform';
import { gradeClass } from '../classroom/gradeClass.ts';
import { describeIsolation } from '../classroom/sandbox/command.ts';
import type { AnswerFile, Submission } from '../classroom/types.ts';
import { loadExercises } from '../grading/exercises.ts';

const wholeClass = 100; // 見積もる人数
const manyCores = 4; // 見積もるコアの数

/**
 * すべての演習に正しい答えを書いた提出を、何人分か採点し、かかる時間を測ります。
 *
 * 全部を解いた提出は、採点にいちばん時間がかかります。どの答えにも違う注釈を足し、前の結果を使わないようにします。
 *
 * @param root - リポジトリのいちばん上。
 * @param students - 人数。
 * @throws UserError 解答が合格しないとき。
 */
export async function benchClass(root: string, students: number): Promise<void> {
  const exercises = await loadExercises(root);
  const solutions = await Promise.all(
    exercises.map(({ solution }) => readText(join(root, solution))),
  );
  const submissions = Array.from({ length: students }, (_, n): Submission => {
    const id = `student-${n + 1}`;
    const answers = exercises.map((exercise, i): [string, AnswerFile] => [
      exercise.id,
      { state: 'present', text: `${solutions[i]!}// ${id}\n` },
    ]);
    return {
      ...{ student: { id, name: id }, source: id, submittedAt: undefined },
      ...{ answers: new Map(answers), notes: [] },
    };
  });
  const { cpu, cores, runtime } = describeMachine();
  print(`${cpu}、${cores} コア、${runtime}、${today()}、${students} 人 × ${exercises.length} 題`);
  const out = await mkdtemp(join(tmpdir(), 'class-'));
  const progress = createProgress({ label: '採点', total: students * exercises.length });
  const started = performance.now();
  try {
    const { graded } = await gradeClass({
      ...{ root, out, exercises, allExercises: exercises, submissions, jobs: undefined },
      signal: new AbortController().signal,
      onIsolation: (isolation) => {
        print(describeIsolation(isolation));
      },
      onProgress: (done) => {
        progress.update(done);
      },
    });
    progress.stop();
    const failed = graded.flatMap(({ exercises: all }) =>
      all.filter(({ result }) => result.status !== 'passed'),
    );
    if (failed.length > 0) {
      throw new UserError(
        `解答が ${failed.length} 題、合格しません(${failed[0]!.result.id} など)。`,
      );
    }
  } finally {
    progress.stop();
    await rm(out, { recursive: true, force: true });
  }
  const seconds = (performance.now() - started) / 1000;
  const busy = Math.min(cores, students);
  const estimate = (seconds / students) * wholeClass * (busy / manyCores);
  print(
    `${formatDuration(seconds)}(1 人あたり、コア ${busy} つで ${(seconds / students).toFixed(2)} 秒)`,
  );
  print(
    `${wholeClass} 人を ${manyCores} コアで採点すると、${formatDuration(estimate)} の見こみです(${(seconds / students).toFixed(2)} 秒 × ${wholeClass} 人 × ${busy} ÷ ${manyCores})。`,
  );
}
