import { basename } from 'node:path';
import { UserError } from '#platform';
import { readCsvFile } from './csv.ts';
import { comparable, makeId } from './naming.ts';
import type { Student } from './types.ts';

/** 見出しの書き方。{@link comparable} にしてから、記号を除いて比べます。 */
const headings = {
  id: [
    ...['id', '学籍番号', '学生番号', '生徒番号', '出席番号', '番号', 'idナンバー', 'id番号'],
    ...['idnumber', 'studentid', 'studentnumber', 'rosteridentifier'],
  ],
  moodleId: ['moodleid', 'moodle'],
  identifier: ['identifier', '識別子'],
  name: ['name', '氏名', '名前', '姓名', 'フルネーム', 'fullname', 'studentname'],
  family: ['姓', 'lastname', 'surname', 'familyname'],
  given: ['名', 'firstname', 'givenname'],
  email: ['email', 'mail', 'メール', 'メールアドレス', 'eメール', 'emailaddress'],
  github: ['github', 'githubusername', 'githubユーザー名', 'githubの名前', 'studentusername'],
} as const;

/** CSV の 1 行から読みとった、学習者のこと。ないものは空です。 */
export interface StudentRow {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly github: string;
  readonly moodleId: string;
}

/**
 * 見出しの書き方の違い(日本語と英語、全角と半角、記号)をなくして、値を引きます。
 *
 * @param row - CSV の行。
 * @param names - 見出し。先のものほど優先します。
 * @returns 値。なければ空。
 */
export function cell(row: Readonly<Record<string, string>>, names: readonly string[]): string {
  const values = new Map(
    Object.entries(row).map(([key, value]) => [
      comparable(key).replace(/[^\p{L}\p{N}]/gu, ''),
      value,
    ]),
  );
  for (const name of names) {
    const value = values.get(name)?.normalize('NFC');
    if (value !== undefined && value !== '') return value;
  }
  return '';
}

/**
 * CSV の行から、学習者のことを読みとります。
 *
 * @param row - CSV の行。
 * @returns 読みとったもの。
 */
export function readStudentRow(row: Readonly<Record<string, string>>): StudentRow {
  const identifier = cell(row, headings.identifier);
  // Moodle の評定ワークシートは「Participant 123」、GitHub Classroom の名簿は学籍番号です
  const participant = /^(?:participant|参加者|受講者)\s*(\d+)$/iu.exec(identifier)?.[1];
  const moodleId = cell(row, headings.moodleId) || (participant ?? '');
  const given = cell(row, headings.given);
  const family = cell(row, headings.family);
  return {
    id: cell(row, headings.id) || (participant === undefined ? identifier : ''),
    name: cell(row, headings.name) || `${family} ${given}`.trim(),
    email: cell(row, headings.email),
    github: cell(row, headings.github).replace(/^@|^https?:\/\/github\.com\//, ''),
    moodleId,
  };
}

/**
 * 読みとったものから、学習者を作ります。番号がなければ、メール、GitHub の名前、氏名から id を作ります。
 *
 * @param row - 読みとったもの。
 * @param used - すでに使った id。作ったものを加えます。
 * @returns 学習者。
 */
export function toStudent(row: StudentRow, used: Set<string>): Student {
  const { id, name, email, github, moodleId } = row;
  const short = email.split('@')[0] ?? '';
  return {
    id: makeId(id || github || short || name || moodleId, used),
    name: name || id || github || short,
    ...(email !== '' && { email }),
    ...(github !== '' && { github }),
    ...(moodleId !== '' && { moodleId }),
  };
}

/**
 * 名簿の CSV を読みます。見出しは `id,name,email,github,moodleId` か、`学籍番号,氏名,メール` などです。
 * Moodle や GitHub Classroom から書き出した名簿も、そのまま使えます。
 *
 * @param path - CSV のファイル。
 * @returns 学習者。名簿の順です。
 * @throws UserError 読めない、番号も氏名もない、同じ番号が 2 つある、など。
 */
export async function readRoster(path: string): Promise<Student[]> {
  const rows = (await readCsvFile(path)).map(readStudentRow);
  const shown = basename(path);
  const useful = rows.filter(({ id, name, email, github }) => id + name + email + github !== '');
  if (useful.length === 0) {
    throw new UserError(
      `名簿 ${shown} に、学習者が一人もいません。`,
      '1 行目を id,name,email,github または 学籍番号,氏名,メール の見出しにしてください。',
    );
  }
  const seen = new Set<string>();
  for (const { id } of useful) {
    const key = comparable(id);
    if (id !== '' && seen.has(key)) {
      throw new UserError(
        `名簿 ${shown} に、番号 ${id} が 2 回あります。`,
        '番号が重ならないように直してください。',
      );
    }
    seen.add(key);
  }
  const used = new Set<string>();
  return useful.map((row) => toStudent(row, used));
}

/** だれの提出かを探す手がかり。 */
export interface StudentClue extends Partial<StudentRow> {
  /** フォルダーの名前など。番号や氏名が入っているかもしれません。 */
  readonly label: string;
}

/**
 * 手がかりに合う学習者を、名簿から探します。
 *
 * 番号、メール、GitHub の名前、氏名の順に、ちょうど一人に決まるものを使います。
 *
 * @param clue - 手がかり。
 * @param roster - 名簿。
 * @returns 学習者。いないか、一人に決まらないときは undefined。
 */
export function findStudent(clue: StudentClue, roster: readonly Student[]): Student | undefined {
  const { label, moodleId, id, email, github, name } = clue;
  const whole = [id, email, github, name, label].flatMap((text) => (text ? [text] : []));
  const byMoodle = (one: Student) => moodleId !== undefined && one.moodleId === moodleId;
  const byWhole = (text: string) => (one: Student) => namesOf(one).includes(comparable(text));
  const parts = label.split(/[_\s()（）【】[\]-]+/u).filter((part) => part.length > 1);
  const bySuffix = ({ github: user = '' }: Student) =>
    user !== '' && comparable(label).endsWith(`-${comparable(user)}`);
  const byPart = (one: Student) => parts.some((part) => byWhole(part)(one));
  for (const test of [byMoodle, ...whole.map(byWhole), bySuffix, byPart]) {
    const found = roster.filter(test);
    if (found.length === 1) return found[0];
  }
  return undefined;
}

function namesOf({ id, name, email = '', github = '' }: Student): string[] {
  // 「名 姓」の順に書くところもあります
  const swapped = name.trim().split(/\s+/u).reverse().join('');
  return [id, name, swapped, email, email.split('@')[0] ?? '', github]
    .map(comparable)
    .filter((text) => text !== '');
}
