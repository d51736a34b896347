import {
  displayPath,
  environment,
  errorCode,
  errorText,
  TransferError,
  UserError,
} from '#platform';

/** 文を組み立てるのに使う、ダウンロードするものの呼び名。 */
export interface Named {
  /** 画面に出す名前 */
  readonly title: string;
  /** 何のファイルか。画面に出します。省くと「アーカイブ」 */
  readonly noun?: string | undefined;
  /** 配布元の URL */
  readonly url: string;
  /** ダウンロードを待たずに試すための選択肢。省くと `--dataset shapes10` */
  readonly alternative?: string | undefined;
  /** 手に入らないとき、利用者にできること */
  readonly advice: string;
}

/** ダウンロードするファイル 1 つの正体。指紋がなければ、大きさだけを確かめます。 */
export interface FileSource extends Named {
  /** ファイル名。`.gz` で終わるなら、gzip であることも確かめます。 */
  readonly fileName: string;
  /** 大きさ(バイト) */
  readonly bytes: number;
  /** MD5(16 進、小文字) */
  readonly md5?: string | undefined;
  /** SHA-256(16 進、小文字) */
  readonly sha256?: string | undefined;
}

/** ダウンロードして展開すると使えるデータ(tar.gz)の正体。 */
export interface ArchiveSource extends FileSource {
  /** アーカイブの中の、ただ 1 つのフォルダーの名前 */
  readonly folder: string;
  /** フォルダーの中で使うファイルの名前と大きさ(バイト) */
  readonly files: ReadonlyMap<string, number>;
}

/** いくつかのファイルが入ったフォルダーの正体。 */
export interface FolderSource extends Named {
  /** フォルダーの名前 */
  readonly folder: string;
  /**
   * 入っているファイルを調べます。大きさや指紋は、配布元に聞かないと分からないことがあるので、受信の前に呼びます。
   *
   * @throws TransferError 聞けないとき
   */
  readonly listFiles: (signal: AbortSignal) => Promise<readonly FileSource[]>;
}

/** 手元になく、ダウンロードもできないことを表します。代わりのデータがあれば、それで続けられます。 */
export class DataUnavailableError extends UserError {}

/**
 * ダウンロード元のサーバーの名前です。URL には学校の中の道筋などが入りうるので、画面には名前だけを出します。
 *
 * @param source - 何をダウンロードするか
 * @returns ホスト名(あればポート番号も)
 */
export function hostOf(source: Pick<Named, 'url'>): string {
  return new URL(source.url).host;
}

/**
 * 受信できなかったことを、何をすればよいかが分かるエラーに言いかえます。
 *
 * @param source - 何をダウンロードしていたか
 * @param error - 受信の失敗
 * @param reason - {@link transferReason} の文
 * @returns 利用者に見せるエラー
 */
export function transferProblem(
  source: Named,
  error: TransferError,
  reason: string,
): DataUnavailableError {
  return new DataUnavailableError(
    `${source.title} を ${hostOf(source)} からダウンロードできませんでした(${reason})。`,
    `${transferAdvice(error)}${source.advice}`,
    { cause: error },
  );
}

/**
 * 受信できなかったわけを、短い日本語にします。
 *
 * @param source - 何をダウンロードしていたか
 * @param error - 受信の失敗
 * @param timeouts - 待った時間(ミリ秒)
 * @returns 句点のない文
 */
export function transferReason(
  { noun = 'アーカイブ' }: Pick<Named, 'noun'>,
  error: TransferError,
  timeouts: { responseTimeout: number; stallTimeout: number },
): string {
  const { kind, value } = error;
  if (kind === 'status') return `HTTP ${value ?? 0}: ${statusMeaning(value ?? 0)}`;
  if (kind === 'noResponse') return `${timeouts.responseTimeout / 1000} 秒待っても応答がありません`;
  if (kind === 'stalled') return `${timeouts.stallTimeout / 1000} 秒の間、何も届きません`;
  if (kind === 'notArchive') return `${noun}ではなく、HTML などの別のものが返りました`;
  if (kind === 'rangeRefused') return '続きからの受信を断られました';
  if (kind === 'interrupted') return '接続が切れました';
  return connectionMeaning(error.cause);
}

function statusMeaning(status: number): string {
  if (status === 404 || status === 410) return 'ファイルがありません';
  if (status === 401 || status === 403) return 'アクセスを断られました';
  if (status === 429) return '混み合っています';
  return status >= 500 ? 'サーバーの側の故障か混雑です' : '思いがけない応答です';
}

/** fetch の失敗は、本当の理由を cause に持っています。 */
function connectionMeaning(error: unknown): string {
  const reason = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const code = errorCode(reason) ?? '';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'サーバーの名前を調べられません';
  if (code === 'ECONNREFUSED') return '接続を断られました';
  if (code === 'ENETUNREACH' || code === 'EHOSTUNREACH') return 'ネットワークに届きません';
  if (code === 'ETIMEDOUT' || code === 'UND_ERR_CONNECT_TIMEOUT') return '応答がありません';
  if (code === 'ECONNRESET' || code === 'UND_ERR_SOCKET') return '接続が切れました';
  if (/CERT|SIGNATURE|^ERR_(TLS|SSL)/.test(code)) return `TLS の証明書を確かめられません: ${code}`;
  // fetch は、プロキシの認証が要るとき(407)など、わけを隠すことがあります
  return code || errorText(reason) || 'つながりません';
}

function transferAdvice(error: TransferError): string {
  if (error.kind === 'status') return '';
  if (error.kind === 'interrupted' || error.kind === 'stalled') {
    return 'もう一度実行すると、続きから受信します。';
  }
  const proxy = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].some(
    (name) => environment(name) !== undefined,
  );
  return proxy && environment('NODE_USE_ENV_PROXY') === undefined
    ? 'プロキシを通すには、Node.js 24 以降で環境変数 NODE_USE_ENV_PROXY=1 を指定してください。'
    : 'ネットワークの接続を確かめてください。';
}

/**
 * 失敗のもとが、ディスクの都合(空きがない、許可がない、など)かを調べます。
 *
 * @param error - 捕まえた値
 * @returns もとになった Node.js のエラー。ディスクの都合でなければ undefined
 */
export function diskErrorBehind(error: unknown): Error | undefined {
  const original =
    error instanceof TransferError && error.kind !== 'disk'
      ? undefined
      : error instanceof UserError || error instanceof TransferError
        ? error.cause
        : error;
  // zlib や TLS のエラーにも code はありますが、syscall があるのは OS の失敗だけです
  return original instanceof Error && 'syscall' in original ? original : undefined;
}

/**
 * ディスクの都合で用意できないことを、利用者に見せるエラーに言いかえます。
 *
 * @param source - 何を用意していたか
 * @param directory - 書こうとしたフォルダー
 * @param error - {@link diskErrorBehind} が見つけたエラー
 * @returns 利用者に見せるエラー
 */
export function diskProblem(source: Named, directory: string, error: Error): DataUnavailableError {
  const code = errorCode(error) ?? '';
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  const denied = code === 'EACCES' || code === 'EPERM' || code === 'EROFS';
  const reason = full ? 'ディスクがいっぱいです' : denied ? '書く許可がありません' : code;
  return new DataUnavailableError(
    `${source.title} を ${displayPath(directory)} に置けません(${reason})。`,
    `${full ? '空きを作ってから、もう一度実行してください。' : 'フォルダーの許可を確かめてください。'}${source.advice}`,
    { cause: error },
  );
}
