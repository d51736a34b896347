/** サイトのページの種類。 */
export type PageKind =
  | 'home'
  | 'chapter'
  | 'exercises'
  | 'exercise'
  | 'glossary'
  | 'references'
  | 'teachers'
  | 'api'
  | 'print'
  | '404';

/** ページの見出しひとつ。 */
export interface PageHeading {
  /** 深さ(`##` なら 2)。 */
  readonly level: number;
  /** 書式を除いた文字。 */
  readonly text: string;
  /** アンカー。`#` は含みません。GitHub と同じ付け方です。 */
  readonly slug: string;
}

/** 検索の単位。見出しから次の見出しまでの、書式を除いた文です。 */
export interface PageSection {
  /** 見出しの文字。ページの初めの区間では、ページの題です。 */
  readonly title: string;
  /** アンカー。ページの初めの区間では空です。 */
  readonly slug: string;
  /** 本文とコードの文字。目印や HTML は含みません。 */
  readonly text: string;
}

/** サイトのページひとつ。 */
export interface Page {
  readonly kind: PageKind;
  /** site/dist の中での道。区切りは `/` です。`chapters/01-fully-connected.html` など。 */
  readonly path: string;
  readonly title: string;
  /** 検索の結果や共有で見せる、1 文か 2 文の説明。 */
  readonly description: string;
  /** 本文(main の中)の HTML。h1 を含みます。 */
  readonly body: string;
  readonly headings: readonly PageHeading[];
  readonly sections: readonly PageSection[];
  /** もとのファイル。リポジトリのいちばん上からの道です。 */
  readonly source?: string;
  /** 上のページから順に並べた、パンくず。このページは含みません。 */
  readonly crumbs: readonly PageLink[];
  readonly previous?: PageLink;
  readonly next?: PageLink;
}

/** ページへのリンク。 */
export interface PageLink {
  readonly title: string;
  /** site/dist の中での道。 */
  readonly path: string;
}

/** サイトの全体について、どのページも使うもの。 */
export interface SiteInfo {
  readonly title: string;
  readonly description: string;
  /** 公開する場所。`https://example.org/course/` のように `/` で終わります。分からなければありません。 */
  readonly baseUrl?: string;
  /** 目次に並べるページ(章、演習、用語集、参考文献、教える人へ、API)。 */
  readonly navigation: readonly PageLink[];
}
