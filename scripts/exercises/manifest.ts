import * as z from 'zod';

/** 演習の一覧(exercises/manifest.json)。学習者の手もとで、何がもとのままかを知るのに使います。 */
export const manifestSchema = z.object({
  exercises: z.array(
    z.object({
      /** 番号。`01-05` など。 */
      id: z.string(),
      /** 章のフォルダー。 */
      chapter: z.string(),
      /** ファイルの名前の、拡張子を除いたもの。 */
      name: z.string(),
      /** 題。 */
      title: z.string(),
      /** 難しさ。1 から 3。 */
      stars: z.int().min(1).max(3),
      /** 解くのにかかる時間の目安(分)。 */
      minutes: z.int().positive(),
      /** 学習者が書く関数の名前。 */
      exports: z.array(z.string()),
      /** もとのファイルのハッシュ(SHA-256。改行は LF として計算)。 */
      hashes: z.object({
        stub: z.string(),
        spec: z.string(),
        hints: z.string(),
        solution: z.string(),
      }),
    }),
  ),
});

/** 演習の一覧の型。 */
export type Manifest = z.infer<typeof manifestSchema>;

/** 一覧の中の、演習ひとつ。 */
export type ManifestEntry = Manifest['exercises'][number];

/** 一覧を書くファイル(リポジトリのいちばん上から)。 */
export const manifestPath = 'exercises/manifest.json';
