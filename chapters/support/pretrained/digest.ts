/**
 * 中身から決まる短い名前です。中身が同じなら同じになり、違えば、まず違います。
 *
 * @param bytes - 中身。
 * @returns SHA-256 のはじめの 16 文字。
 */
export async function digest(bytes: Uint8Array): Promise<string> {
  // 型のうえでは共有メモリーの配列も来るので、写しておきます
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', Uint8Array.from(bytes)));
  return Array.from(hash.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
