/**
 * 提出物の名前(Moodle、Google Classroom、GitHub Classroom の付け方)から、だれのものかを読みとります。
 *
 * @module
 */

/** 名前から読みとったもの。 */
export interface NameClue {
  /** 人を表す部分。フォルダーの名前や、氏名など。 */
  readonly label: string;
  /** Moodle の「識別子」。 */
  readonly moodleId?: string;
  /** GitHub の利用者の名前。 */
  readonly github?: string;
  /** 人を表す部分を除いた、もとのファイルの名前。フォルダーでは空。 */
  readonly rest: string;
}

/**
 * フォルダーやファイルの名前を読みとります。
 *
 * @param name - 名前。
 * @param container - それが入っているフォルダーの名前。GitHub Classroom では `課題-submissions` です。
 * @param isFile - ファイルなら true。
 * @returns 読みとったもの。
 */
export function readName(name: string, container: string, isFile: boolean): NameClue {
  const moodle = /^(.+?)_(\d+)_assignsubmission_[a-z]+(?:_(.*))?$/su.exec(name);
  if (moodle !== null) {
    const [, label = '', moodleId = '', rest = ''] = moodle;
    return { label, moodleId, rest };
  }
  const google = isFile ? /^(.+?) - (.+)$/su.exec(name) : null;
  if (google !== null) return { label: google[1] ?? '', rest: google[2] ?? '' };
  const stem = isFile ? splitAttempt(name).stem : name;
  const assignment = /^(.+)-submissions$/u.exec(container)?.[1];
  if (assignment !== undefined && stem.startsWith(`${assignment}-`)) {
    const github = stem.slice(assignment.length + 1);
    return { label: github, github, rest: isFile ? name : '' };
  }
  return { label: stem, rest: isFile ? name : '' };
}

/**
 * 同じ名前で出し直したときに付く ` (1)` を、分けて読みます。
 *
 * @param name - ファイルの名前。
 * @returns 番号と拡張子を除いた名前と、出し直した回数、拡張子。
 */
export function splitAttempt(name: string): { stem: string; attempt: number; extension: string } {
  const [, base = name, extension = ''] = /^(.+?)((?:\.tar)?\.[a-z0-9]+)$/isu.exec(name) ?? [];
  const [, stem = base, attempt = '0'] = /^(.+?) ?\((\d{1,3})\)$/su.exec(base) ?? [];
  return { stem, attempt: Number(attempt), extension: extension.toLowerCase() };
}

/**
 * 名前を比べるための形にします。全角と半角、大文字と小文字、空白の違いをなくします。
 *
 * @param text - 名前。
 * @returns 比べるための形。
 */
export function comparable(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/gu, '');
}

/** Windows で、ファイルの名前に使えない名前。 */
const reserved = /^(?:con|prn|aux|nul|(?:com|lpt)[0-9¹²³])(?:\.|$)/i;

/**
 * 重ならず、どの OS でもファイルの名前に使える id を作ります。
 *
 * @param text - もとの名前。
 * @param used - すでに使った id(小文字)。作ったものを加えます。
 * @returns id。
 */
export function makeId(text: string, used: Set<string>): string {
  const cleaned = Array.from(text.normalize('NFKC').replace(/[^\p{L}\p{M}\p{N}_.-]+/gu, '-'))
    .slice(0, 60)
    .join('')
    .replace(/^[-.]+|[-.]+$/g, '');
  const base = cleaned === '' ? 'student' : reserved.test(cleaned) ? `_${cleaned}` : cleaned;
  let id = base;
  for (let count = 2; used.has(id.toLowerCase()); count++) id = `${base}-${count}`;
  used.add(id.toLowerCase());
  return id;
}
