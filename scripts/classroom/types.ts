import * as z from 'zod';
import { exerciseSchema } from '../grading/results.ts';

/**
 * 演習ひとつを採点した終わり方。
 *
 * - `ok`: 最後まで採点した(合格、不合格、未着手のどれか)。
 * - `timeout`: 時間切れ。
 * - `memory`: 使えるメモリーを超えた。
 * - `crash`: プログラムごと止まった。
 * - `tampered`: 採点に許されていないことをしようとした。
 * - `missing`: 演習のファイルが、提出物にない。
 * - `unreadable`: ファイルはあるが、読めない(大きすぎる、文字コードが違う、リンクである、など)。
 */
export const gradingStatuses = [
  'ok',
  'missing',
  'unreadable',
  'timeout',
  'memory',
  'crash',
  'tampered',
] as const;

/** {@link gradingStatuses} のどれか。後ろのものほど、先生に見てほしいものです。 */
export type GradingStatus = (typeof gradingStatuses)[number];

const studentSchema = z.object({
  /** クラスの中で重ならない名前。ファイルの名前にも使うので、英数字と `-`、`_`、`.`、日本語の文字だけです。 */
  id: z.string().min(1),
  /** 氏名など、人に見せる名前。 */
  name: z.string(),
  email: z.string().optional(),
  /** GitHub の利用者の名前。 */
  github: z.string().optional(),
  /** Moodle の「識別子」(`Participant 123` の 123)。 */
  moodleId: z.string().optional(),
});

/** 学習者ひとり。 */
export type Student = z.infer<typeof studentSchema>;

const gradedExerciseSchema = z.object({
  status: z.enum(gradingStatuses),
  /** `npm test` と同じ形の結果。`ok` でないときは、どれも不合格か未着手で、score は 0 です。 */
  result: exerciseSchema,
  /** 提出されたファイルの全文。手つかずか、読めなかったものにはありません。 */
  answer: z.string().optional(),
});

/** 採点した演習ひとつ。 */
export type GradedExercise = z.infer<typeof gradedExerciseSchema>;

/** 提出ひとつの採点の結果。`results/<id>.json` に書くものです。 */
export const gradedSubmissionSchema = z.object({
  version: z.literal(1),
  /** 提出の中身と採点のしかたから決まる印。同じなら、採点し直す必要がありません。 */
  key: z.string(),
  student: studentSchema,
  /** 提出物の場所。提出していないときは空。 */
  source: z.string(),
  /** 提出した時刻(ISO 8601)。分かるときだけ。 */
  submittedAt: z.iso.datetime({ offset: true }).optional(),
  /** すべての演習のうち、先生にいちばん見てほしいもの。 */
  status: z.enum(gradingStatuses),
  /** 先生への知らせ(日本語の文)。「採点の仕様が書きかえられていました」など。 */
  notes: z.array(z.string()),
  exercises: z.array(gradedExerciseSchema),
});

/** 提出ひとつの採点の結果。 */
export type GradedSubmission = z.infer<typeof gradedSubmissionSchema>;

/** 提出物から取り出した、演習のファイルひとつ。 */
export type AnswerFile =
  | { readonly state: 'present'; readonly text: string }
  | { readonly state: 'missing' }
  /** `why` は「1 MB を超えています。」のような、日本語の文です。 */
  | { readonly state: 'unreadable'; readonly why: string };

/** 集めた提出ひとつ。演習のファイルのほかは、何も取り出しません。 */
export interface Submission {
  readonly student: Student;
  /** 提出物の場所(人に見せる道か URL)。名簿にいて、提出していないときは空。 */
  readonly source: string;
  readonly submittedAt: string | undefined;
  /** 演習の番号ごとのファイル。採点するすべての演習について、必ずあります。 */
  readonly answers: ReadonlyMap<string, AnswerFile>;
  /** 先生への知らせ(日本語の文)。 */
  readonly notes: readonly string[];
}
