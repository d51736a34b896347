import { readFile, stat } from 'node:fs/promises';
import type { Sharp, SharpOptions } from 'sharp';
import { errorCode, errorText, UserError } from './errors.ts';
import { displayPath } from './files.ts';

/** 開いた画像。 */
export interface DecodedImage {
  /** 画素。RGB、0〜255。[height, width, 3]。 */
  readonly pixels: Uint8Array;
  /** 幅(画素)。 */
  readonly width: number;
  /** 高さ(画素)。 */
  readonly height: number;
}

/** {@link decodeImage} が開ける画像の、ファイル名の終わり(小文字)。 */
export const imageExtensions: readonly string[] = [
  ...['jpg', 'jpeg', 'jfif', 'png', 'webp', 'gif', 'avif', 'tif', 'tiff'],
];

const maxPixels = 2 ** 28; // 約 2.7 億画素。これより大きい写真は、開くだけで主記憶を何 GB も使います
const maxBytes = 2 ** 29;
const formats: readonly string[] = ['jpeg', 'png', 'webp', 'gif', 'heif', 'tiff']; // AVIF は heif と呼ばれます
const convert = 'JPEG か PNG に直してから、もう一度試してください。';

/**
 * 画像ファイルを開き、RGB の画素にします。
 *
 * JPEG、PNG、WebP、GIF、AVIF、TIFF を開けます。カメラが残した向き(EXIF)に回し、色は sRGB の 8 ビットにそろえます
 * (CMYK、灰色、16 ビットも)。透けているところは白に重ね、動く画像は 1 枚目だけを使います。
 *
 * `size` を渡すと、torchvision の `Resize(size)` と `CenterCrop(size)` と同じように、短い辺を size 画素にしてから、
 * 真ん中を正方形に切りとります。補間は双一次です。縮めるときは、1画素になる範囲の全体をならします(antialias)。
 *
 * @param path - 画像ファイルのパス。
 * @param size - できあがりの1辺 S。省くと、もとの大きさのままです。
 * @returns 画素。[H, W, 3]。size を渡したときは [S, S, 3]。
 * @throws UserError ファイルがない、画像でない、壊れている、開けない形式、大きすぎる、など。
 * @see https://sharp.pixelplumbing.com
 */
export async function decodeImage(path: string, size?: number): Promise<DecodedImage> {
  const bytes = await readImageFile(path);
  const name = displayPath(path);
  const kind = sniff(bytes);
  if (kind === 'HEIC' || kind === 'BMP' || kind === 'SVG' || kind === 'JPEG XL') {
    throw new UserError(`${name} は ${kind} 形式で、この教材では開けません。`, convert);
  }
  if (kind === undefined) {
    throw new UserError(
      `${name} は画像ではありません(名前の終わりだけでなく、中身を見ています)。`,
      'JPEG、PNG、WebP などの画像のファイルを指定してください。',
    );
  }
  const open = await loadSharp();
  const broken = (error: unknown): UserError =>
    new UserError(
      `${name} は壊れているか、途中で切れていて、画像として開けません。`,
      'ファイルを手に入れ直すか、画像を見るアプリで開いて、保存し直してください。',
      { cause: error },
    );
  let metadata;
  try {
    metadata = await open(bytes, { limitInputPixels: false }).metadata();
  } catch (error) {
    throw broken(error);
  }
  const { format, width, height } = metadata;
  if (!formats.includes(format)) {
    throw new UserError(`${name} は ${format} 形式で、この教材では開けません。`, convert);
  }
  if (width * height > maxPixels) {
    throw new UserError(
      `${name} は ${width}×${height} 画素もあり、大きすぎて開けません。`,
      '画像を見るアプリで小さくしてから、もう一度試してください。',
    );
  }
  // 切れた画像だけを断ります。開ける写真にも、細かい注意(warning)はよく付いています
  const image = open(bytes, { failOn: 'truncated', limitInputPixels: maxPixels })
    .autoOrient()
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb');
  if (size !== undefined) {
    image.resize(size, size, {
      fit: 'cover', //               短い辺を合わせ、はみ出したところを切ります
      position: 'centre',
      kernel: 'linear', //           双一次
      fastShrinkOnLoad: false, //    速いけれど粗い縮め方を使いません
    });
  }
  try {
    const { data, info } = await image
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return { pixels: new Uint8Array(data), width: info.width, height: info.height };
  } catch (error) {
    throw broken(error);
  }
}

async function readImageFile(path: string): Promise<Uint8Array> {
  const name = displayPath(path);
  let bytes: Uint8Array;
  try {
    const facts = await stat(path);
    if (facts.isDirectory()) {
      throw new UserError(
        `${name} はフォルダーです。`,
        '画像のファイルを指定してください。中の画像をまとめて試すなら、名前を並べてください。',
      );
    }
    if (!facts.isFile()) {
      throw new UserError(`${name} はふつうのファイルではありません。`, '画像を指定してください。');
    }
    if (facts.size > maxBytes) {
      throw new UserError(
        `${name} は ${(facts.size / 1e6).toFixed(0)} MB もあり、大きすぎて開けません。`,
        '画像を見るアプリで小さくしてから、もう一度試してください。',
      );
    }
    bytes = await readFile(path);
  } catch (error) {
    if (error instanceof UserError) throw error;
    const missing = errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR';
    throw new UserError(
      missing ? `画像 ${name} がありません。` : `画像 ${name} を読めません。`,
      missing
        ? 'パスの書き間違いがないか、確かめてください。'
        : '読み取りの許可を確かめてください。',
      { cause: error },
    );
  }
  if (bytes.length === 0) {
    throw new UserError(
      `${name} は空のファイル(0 バイト)です。`,
      'ファイルを手に入れ直してください。',
    );
  }
  return bytes;
}

/** はじめの数バイトから、形式を見分けます。名前の終わり(拡張子)は、まちがっていることがあります。 */
function sniff(bytes: Uint8Array): string | undefined {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 256));
  if (head.startsWith('\u00ff\u00d8\u00ff') || head === '\u00ff\u00d8') return 'JPEG';
  if (head.startsWith('\u2030PNG') || head.startsWith('\u0089PNG')) return 'PNG';
  if (/^GIF8[79]a/.test(head)) return 'GIF';
  if (/^RIFF....WEBP/s.test(head)) return 'WebP';
  if (/^(II\*\0|MM\0\*|II\+\0|MM\0\+)/.test(head)) return 'TIFF';
  if (head.startsWith('BM') && bytes.length > 26) return 'BMP';
  if (/^....JXL |^\u00ff\n/s.test(head)) return 'JPEG XL';
  if (head.startsWith('ftyp', 4)) {
    const brands = head.slice(8, Math.min(256, (bytes[2]! << 8) | bytes[3]!)); // 箱の長さまで
    if (/avi[fs]/.test(brands)) return 'AVIF';
    if (/hei[cxms]|hev[cxms]|mif1|msf1/.test(brands)) return 'HEIC';
  }
  return /^\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*(<!DOCTYPE svg[^>]*>\s*)?<svg/s.test(
    head.replace(/^\u00ef\u00bb\u00bf/, ''),
  )
    ? 'SVG'
    : undefined;
}

type OpenImage = (input: Uint8Array, options: SharpOptions) => Sharp;

// 画像を開かない人は、読みこむ時間を払いません
async function loadSharp(): Promise<OpenImage> {
  try {
    return (await import('sharp')).default;
  } catch (error) {
    throw new UserError(
      `画像を開くための sharp を読みこめません(${errorText(error)})。`,
      'npm install --include=optional をやり直してください。それでも直らなければ、この機械では、自分の画像は使えません。',
      { cause: error },
    );
  }
}
