/** この端末のブラウザーに残す記録。 */
export interface State {
  readonly version: 1;
  readonly theme?: 'light' | 'dark';
  /** 終わりまで読んだページの道と、その日時(ISO 8601)。 */
  readonly read: Readonly<Record<string, string>>;
  /** 印を付けた演習の番号と、その日時。 */
  readonly exercises: Readonly<Record<string, string>>;
  /** 予想の名前と、選んだ答え。 */
  readonly quizzes: Readonly<Record<string, string>>;
}

/** この端末に残す記録の名前。 */
export const storageKey = 'deep-learning-in-typescript';
const empty: State = { version: 1, read: {}, exercises: {}, quizzes: {} };

/**
 * 残してある記録を読みます。壊れていたり、読むことを許されていなかったりすれば、空の記録です。
 *
 * @returns 記録。
 */
export function readState(): State {
  try {
    return parseState(localStorage.getItem(storageKey) ?? '') ?? empty;
  } catch {
    return empty;
  }
}

/**
 * 記録を書きかえます。残すことを許されていなければ、何もしません。
 *
 * @param change - 今の記録から、新しい記録を作る関数。
 */
export function updateState(change: (state: State) => State): void {
  try {
    localStorage.setItem(storageKey, JSON.stringify(change(readState())));
  } catch {
    // 残せなくても、ページは読めます
  }
}

/** 記録を消します。配色はこの端末の好みなので、残します。 */
export function clearState(): void {
  replaceRecords(empty);
}

/**
 * 記録を入れ替えます。配色はこの端末の好みなので、今のままです。
 *
 * @param records - 新しい記録。
 */
export function replaceRecords({ version, read, exercises, quizzes }: State): void {
  updateState(({ theme }) => ({ version, read, exercises, quizzes, ...(theme && { theme }) }));
}

/**
 * 書き出した記録を読みとります。形の違うものは受けとりません。
 *
 * @param text - JSON。
 * @returns 記録。形が違えば undefined。
 */
export function parseState(text: string): State | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(value) || value['version'] !== 1) return undefined;
  const { theme } = value;
  const parts = { read: value['read'], exercises: value['exercises'], quizzes: value['quizzes'] };
  if (!Object.values(parts).every(isTexts)) return undefined;
  return {
    version: 1,
    ...(parts as Omit<State, 'version' | 'theme'>),
    ...((theme === 'light' || theme === 'dark') && { theme }),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): boolean {
  return isRecord(value) && Object.values(value).every((one) => typeof one === 'string');
}
