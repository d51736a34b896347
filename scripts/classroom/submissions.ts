import { extname } from 'node:path';
import { displayPath, errorText, InterruptedError, UserError } from '#platform';
import type { Exercise } from '../grading/exercises.ts';
import { gatherFiles } from './gather.ts';
import { fetchRepository, readGitSources } from './gitSources.ts';
import { findSubmissions } from './layout.ts';
import { comparable, makeId } from './naming.ts';
import { hasExerciseFiles, pickAnswers, type PickedAnswers } from './pickAnswers.ts';
import { describeChanges, listPristine, type PristineFile } from './pristine.ts';
import { findStudent, toStudent, type StudentClue } from './roster.ts';
import { UnreadableError, type SourceFolder } from './sourceTree.ts';
import type { AnswerFile, Student, Submission } from './types.ts';

/** 1 つの提出についての知らせの数。 */
const noteLimit = 10;

/** 一度に集める提出の数。 */
const lanes = 4;

/** {@link collectSubmissions} に渡すもの。 */
export interface CollectRequest {
  /** フォルダー、zip、git の URL を並べた CSV のどれか。 */
  readonly path: string;
  /** 取り出す演習。 */
  readonly exercises: readonly Exercise[];
  /** リポジトリのいちばん上。 */
  readonly root: string;
  /** 名簿。なければ空。 */
  readonly roster: readonly Student[];
  readonly signal: AbortSignal;
  /** クラス全体についての困りごと(日本語の文)を受けとります。 */
  readonly onNote: (note: string) => void;
  /** 提出が集まるたびに、集めた数と全部の数を受けとります。 */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * 提出物から、演習のファイルだけを集めます。リンクの先や提出物の外は読まず、中身をディスクに書き出すこともありません。
 *
 * 読めない提出があっても、知らせを付けて、最後まで集めます。名簿にいて提出していない人も入れます。
 *
 * @param request - 集めるところ。
 * @returns 学習者の id の順に並んだ提出。
 * @throws UserError 提出物の置き場所そのものが読めないとき。
 * @throws InterruptedError 合図で止めたとき。
 */
export async function collectSubmissions(request: CollectRequest): Promise<Submission[]> {
  const { path, exercises, root, roster, onNote } = request;
  const pristine = await listPristine(root, exercises);
  if (extname(path).toLowerCase() === '.csv') {
    const sources = await readGitSources(path);
    return await collectAll(
      request,
      sources.map((source): Candidate => {
        const clue = { ...source.student, label: labelOfUrl(source.url) };
        return {
          ...{ clue, shown: source.shown, attempt: 0 },
          collect: async () => {
            const { folder, committedAt, remove } = await fetchRepository(source, request.signal);
            try {
              const found = await collectFrom(folder, 0, exercises, pristine);
              return { ...found, submittedAt: committedAt };
            } finally {
              await remove();
            }
          },
        };
      }),
    );
  }
  const layout = await findSubmissions(path, exercises, roster);
  try {
    layout.notes.forEach(onNote);
    return await collectAll(
      request,
      layout.items.map(({ clue, shown, attempt, folder, archiveDepth, isLink }) => ({
        ...{ clue, shown, attempt },
        collect: () => {
          if (!isLink) return collectFrom(folder, archiveDepth, exercises, pristine);
          return Promise.resolve(allAre(exercises, { state: 'unreadable', why: linkReason }));
        },
      })),
    );
  } finally {
    layout.close();
  }
}

const linkReason = '提出そのものがリンクなので、読みませんでした。';

/** 同じ人のものかもしれない提出ひとつ。 */
interface Candidate {
  readonly clue: StudentClue;
  readonly shown: string;
  readonly attempt: number;
  readonly collect: () => Promise<Collected>;
}

interface Collected extends PickedAnswers {
  readonly submittedAt?: string | undefined;
}

interface Entrant {
  readonly student: Student;
  readonly candidates: Candidate[];
  readonly notes: string[];
}

async function collectAll(
  request: CollectRequest,
  candidates: readonly Candidate[],
): Promise<Submission[]> {
  const { exercises, roster, signal, onNote, onProgress } = request;
  if (candidates.length === 0) {
    onNote(`${displayPath(request.path)} に、提出が一つもありません。`);
  }
  const entrants = assign(candidates, roster);
  const submissions: Submission[] = [];
  const queue = [...entrants];
  let done = 0;
  const work = async () => {
    for (let entrant = queue.shift(); entrant !== undefined; entrant = queue.shift()) {
      if (signal.aborted) throw new InterruptedError();
      submissions.push(await collectOne(entrant, exercises, signal));
      onProgress?.(++done, entrants.length);
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: lanes }, work));
  for (const lane of ended) if (lane.status === 'rejected') throw lane.reason;
  return submissions.sort((a, b) => (a.student.id < b.student.id ? -1 : 1));
}

/** 提出を、名簿の人に割りあてます。 */
function assign(candidates: readonly Candidate[], roster: readonly Student[]): Entrant[] {
  const entrants = new Map<string, Entrant>();
  for (const student of roster) entrants.set(student.id, { student, candidates: [], notes: [] });
  const used = new Set(roster.map(({ id }) => id.toLowerCase()));
  for (const candidate of candidates) {
    const { clue } = candidate;
    const found = findStudent(clue, roster);
    const key = found?.id ?? `:${keyOf(clue)}`;
    const known = entrants.get(key);
    if (known !== undefined) {
      known.candidates.push(candidate);
      if (known.student.moodleId === undefined && clue.moodleId) {
        entrants.set(key, { ...known, student: { ...known.student, moodleId: clue.moodleId } });
      }
      continue;
    }
    const notes =
      roster.length > 0
        ? [
            `名簿のだれの提出か決められません(${clue.label})。番号か氏名を、名簿とそろえてください。`,
          ]
        : [];
    entrants.set(key, { student: newStudent(clue, used), candidates: [candidate], notes });
  }
  return [...entrants.values()];
}

/** 名簿にいない人の提出を、人ごとに分けるための形。 */
function keyOf({ moodleId, id, email, github, label }: StudentClue): string {
  return comparable(moodleId || id || email || github || label);
}

function newStudent(clue: StudentClue, used: Set<string>): Student {
  const { id = '', name = '', email = '', github = '', moodleId = '', label } = clue;
  if (id + name + email + github === '') {
    return { id: makeId(label, used), name: label, ...(moodleId !== '' && { moodleId }) };
  }
  return toStudent({ id, name: name || label, email, github, moodleId }, used);
}

async function collectOne(
  { student, candidates, notes }: Entrant,
  exercises: readonly Exercise[],
  signal: AbortSignal,
): Promise<Submission> {
  const tried: { candidate: Candidate; found: Collected }[] = [];
  for (const candidate of candidates) {
    tried.push({ candidate, found: await tryCollect(candidate, exercises, signal) });
  }
  tried.sort(
    (a, b) =>
      // 読めない提出は、新しくても、読めるものに勝てません
      Number(hasAny(b.found)) - Number(hasAny(a.found)) ||
      b.candidate.attempt - a.candidate.attempt ||
      b.found.modified - a.found.modified ||
      (a.candidate.shown < b.candidate.shown ? -1 : 1),
  );
  const [best, ...others] = tried;
  if (best === undefined) {
    const { answers } = allAre(exercises, { state: 'missing' });
    return { student, source: '', submittedAt: undefined, answers, notes };
  }
  const { candidate, found } = best;
  const rivals = others.map(({ candidate: { shown }, found: lost }) => {
    const why = hasAny(lost) ? '' : lost.notes.join('');
    return `提出が 2 つ以上あるので、${shown} ではなく ${candidate.shown} を採点しました。${why}`;
  });
  return {
    student,
    source: candidate.shown,
    submittedAt: found.submittedAt,
    answers: found.answers,
    notes: [...notes, ...rivals, ...found.notes],
  };
}

function hasAny({ answers }: Collected): boolean {
  return [...answers.values()].some(({ state }) => state === 'present');
}

async function tryCollect(
  candidate: Candidate,
  exercises: readonly Exercise[],
  signal: AbortSignal,
): Promise<Collected> {
  try {
    return await candidate.collect();
  } catch (error) {
    if (signal.aborted) throw new InterruptedError();
    if (error instanceof UserError) throw error;
    // どんな提出も、ほかの提出の採点を止めてはいけません
    const why =
      error instanceof UnreadableError ? error.message : `読めません(${errorText(error)})。`;
    return { ...allAre(exercises, { state: 'missing' }), notes: [why] };
  }
}

async function collectFrom(
  folder: SourceFolder,
  archiveDepth: number,
  exercises: readonly Exercise[],
  pristine: readonly PristineFile[],
): Promise<Collected> {
  const gathered = await gatherFiles({
    ...{ folder, archiveDepth },
    hasExercises: (nodes) => hasExerciseFiles(nodes, exercises),
  });
  try {
    const picked = await pickAnswers(gathered.nodes, exercises);
    const changes = await describeChanges(gathered.nodes, pristine);
    const notes = [...gathered.notes, ...picked.notes, ...(changes === undefined ? [] : [changes])];
    if (![...picked.answers.values()].some(({ state }) => state !== 'missing')) {
      notes.push('演習のファイルが、一つもありませんでした。');
    }
    return { ...picked, notes: limitNotes(notes) };
  } finally {
    gathered.close();
  }
}

/** 知らせを何千も出させて、ほかの知らせを埋もれさせることはできません。 */
function limitNotes(notes: readonly string[]): string[] {
  const rest = notes.length - noteLimit;
  return rest > 0
    ? [...notes.slice(0, noteLimit), `ほかに ${rest} 件の知らせがあります。`]
    : [...notes];
}

function allAre(exercises: readonly Exercise[], answer: AnswerFile): Collected {
  return { answers: new Map(exercises.map(({ id }) => [id, answer])), notes: [], modified: 0 };
}

/** `https://github.com/alice/answers.git` から `alice-answers`。 */
function labelOfUrl(url: string): string {
  const parts = url.replace(/(?:\.git)?[/\\]*$/, '').split(/[/\\:]+/);
  return parts.slice(-2).join('-');
}
