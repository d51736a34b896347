/** 演習の、学習者が書くファイル(`exercises/01-…/04-softmax.ts`)かを調べます。 */
export function isAnswerFile(path: string): boolean {
  return /^exercises\/\d[^/]*\/\d\d-[^/.]+\.ts$/.test(path);
}

/**
 * 学習者が書きかえないはずのファイルかを調べます。採点の仕様や演習の一覧は、互いに合っていないと採点できません。
 * 更新では、書きかえてあっても新しくし、書きかえたものは別の場所に残します。
 *
 * @param path - 道。
 * @returns 教材の側で決めるファイルなら true。
 */
export function isCourseOwned(path: string): boolean {
  return (
    path === 'package-lock.json' ||
    path === 'exercises/manifest.json' ||
    /^(site|exercises\/\.originals|exercises\/fixtures|exercises\/support)\//.test(path) ||
    /^exercises\/.*\.(spec\.ts|hints\.md)$/.test(path)
  );
}
