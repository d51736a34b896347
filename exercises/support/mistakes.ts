/**
 * よくある間違い。解答をこのように変えたものを、採点が正しく見つけることを確かめるのに使います。
 *
 * `replace` か `answer` の、どちらか一方を書きます。
 */
export interface Mistake {
  /** どんな間違いか。 */
  readonly name: string;
  /** 解答の書きかえ。もとの文字列は、解答の中にちょうど 1 回だけ現れます。 */
  readonly replace?: readonly (readonly [from: string, to: string])[];
  /** 解答の区間に入れるもの。区間がいくつもあるときは、区間の名前ごとに書きます。 */
  readonly answer?: string | Readonly<Record<string, string>>;
  /** はじめに失敗するテストの文に、必ず入っている言葉。間違いに合った説明が出ることを確かめます。 */
  readonly caught: string;
}
