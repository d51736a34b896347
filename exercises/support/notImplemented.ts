/** まだ解いていない演習を呼んだことを表します。採点では、不合格ではなく「未着手」になります。 */
export class NotImplementedError extends Error {
  /** まだ解いていない演習の番号(`01-05` など)。 */
  readonly exercise: string;

  /**
   * まだ解いていないことを表すエラーを作ります。
   *
   * @param exercise - 演習の番号。
   */
  constructor(exercise: string) {
    super(`演習 ${exercise} は、まだ書かれていません。`);
    this.name = 'NotImplementedError';
    this.exercise = exercise;
  }
}
