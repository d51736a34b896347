import { UserError } from '#platform';

/** 選ぶのに使う、演習の名前。 */
interface Named {
  readonly id: string;
  readonly chapter: string;
  readonly name: string;
  /** 題。分かるときだけ、近い番号に添えます。 */
  readonly title?: string;
}

/**
 * コマンドラインの番号に当てはまる演習を選びます。`01`、`02-1` は章、`01-03` は演習です。
 * 番号の代わりに、`softmax`、`04-softmax.ts`、`exercises/01-…/04-softmax.ts` とも書けます。
 *
 * @param exercises - すべての演習。
 * @param queries - 番号など。空ならすべて。
 * @returns 選ばれた演習。一覧の順で、重なりはありません。
 * @throws UserError 当てはまる演習がないとき。文に、近い番号が入ります。
 */
export function selectExercises<E extends Named>(
  exercises: readonly E[],
  queries: readonly string[],
): E[] {
  if (queries.length === 0) return [...exercises];
  const chosen = new Set(queries.flatMap((query) => match(exercises, query)));
  return exercises.filter((exercise) => chosen.has(exercise));
}

/**
 * 番号の演習をひとつ選びます。
 *
 * @param exercises - すべての演習。
 * @param query - 番号など。
 * @returns 選ばれた演習。
 * @throws UserError 当てはまる演習がないか、章などで二つ以上あるとき。
 */
export function selectOne<E extends Named>(exercises: readonly E[], query: string): E {
  const [first, ...others] = match(exercises, query);
  if (others.length > 0) {
    throw new UserError(
      `「${query}」には、演習が ${others.length + 1} 題あります。`,
      `${first!.id} のように、演習の番号をひとつ書いてください。`,
    );
  }
  return first!;
}

function match<E extends Named>(exercises: readonly E[], query: string): E[] {
  const wanted = normalize(query);
  const found = exercises.filter(({ id, chapter, name }) => {
    const names = [id, chapter, name, name.replace(/^\d+-/, ''), `${chapter}/${name}`];
    return names.includes(wanted) || chapterNumber(chapter) === wanted;
  });
  if (found.length > 0) return found;
  const near = nearest(exercises, wanted);
  throw new UserError(
    `演習 ${query} はありません。`,
    near.length === 0
      ? '一覧は npm run progress -- --all で見られます。'
      : `もしかして: ${near.map(({ id, name, title = name }) => `${id}(${title})`).join('、')}。一覧は npm run progress -- --all で見られます。`,
  );
}

function normalize(query: string): string {
  const plain = query
    .normalize('NFKC')
    .trim()
    .replaceAll('\\', '/')
    .replace(/^(.*\/)?(exercises|solutions)\//, '')
    .replace(/^\.\//, '')
    .replace(/\/$/, '')
    .replace(/(\.spec|\.mistakes)?\.ts$|\.hints\.md$/, '');
  // `1-3` のように 0 を省いても探せます。`02-1` のような章の番号は、そのままにします
  return plain
    .replace(/^(\d)(?=-|$)/, '0$1')
    .replace(/-(\d)$/, (all, digit: string) =>
      /^02-[12]$/.test(plain) || /^2-[12]$/.test(plain) ? all : `-0${digit}`,
    );
}

/** フォルダーの名前から、章の番号(`01`、`02-1`)を取り出します。 */
function chapterNumber(chapter: string): string {
  return /^\d+(?:-\d+)?(?=-\D)/.exec(chapter)?.[0] ?? chapter;
}

function nearest<E extends Named>(exercises: readonly E[], wanted: string): E[] {
  const scored = exercises.map((exercise) => {
    const slug = exercise.name.replace(/^\d+-/, '');
    return {
      exercise,
      distance: Math.min(editDistance(exercise.id, wanted), editDistance(slug, wanted)),
    };
  });
  return scored
    .filter(({ distance }) => distance <= Math.max(2, wanted.length / 3))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ exercise }) => exercise);
}

/** 何文字を足し、消し、書きかえれば同じになるか(レーベンシュタイン距離)。 */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
