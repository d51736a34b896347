// 畳み込みとプーリングの形。TypeScript 側(geometry.ts)が同じ順に 32 ビット整数で書き込みます。
// 引数を 20 個並べる代わりに、番地を 1 つ渡します。

@unmanaged
export class Geometry {
  batch: i32;
  inHeight: i32;
  inWidth: i32;
  channels: i32;
  outHeight: i32;
  outWidth: i32;
  outChannels: i32;
  filterHeight: i32;
  filterWidth: i32;
  strideHeight: i32;
  strideWidth: i32;
  dilationHeight: i32;
  dilationWidth: i32;
  padTop: i32;
  padLeft: i32;

  /** 窓がすべて収まるように詰め物をした画像の高さ。 */
  @inline
  get paddedHeight(): i32 {
    return (this.outHeight - 1) * this.strideHeight + (this.filterHeight - 1) * this.dilationHeight + 1;
  }

  @inline
  get paddedWidth(): i32 {
    return (this.outWidth - 1) * this.strideWidth + (this.filterWidth - 1) * this.dilationWidth + 1;
  }

  /** 元の画像のまま読めるなら詰め物はいりません。 */
  @inline
  get needsPadding(): bool {
    return this.padTop != 0 || this.padLeft != 0 || this.paddedHeight > this.inHeight || this.paddedWidth > this.inWidth;
  }

  @inline
  get pixels(): i32 {
    return this.outHeight * this.outWidth;
  }

  /** 入力画像 1 枚のバイト数。 */
  @inline
  get imageBytes(): usize {
    return (<usize>this.inHeight * this.inWidth * this.channels) << 2;
  }

  @inline
  get paddedBytes(): usize {
    return (<usize>this.paddedHeight * this.paddedWidth * this.channels) << 2;
  }

  /** フィルター 1 個ぶんの入力の個数(高さ × 幅 × チャンネル)。 */
  @inline
  get patch(): i32 {
    return this.filterHeight * this.filterWidth * this.channels;
  }

  // フィルターが読む入力は、途切れずに続く「区間」の集まりです。横に間を空けない畳み込みでは 1 行がまるごと 1 区間、
  // 間を空ける(dilation)と 1 画素ずつが 1 区間になります。
  @inline
  get numSegments(): i32 {
    return this.dilationWidth == 1 ? this.filterHeight : this.filterHeight * this.filterWidth;
  }

  @inline
  get segmentLength(): i32 {
    return this.dilationWidth == 1 ? this.filterWidth * this.channels : this.channels;
  }
}

/** 区間の始まりのずれ(バイト)の表を書きます。rowBytes は画像 1 行のバイト数。 */
export function writeSegments(g: Geometry, rowBytes: usize, target: usize): void {
  const perRow = g.numSegments / max<i32>(1, g.filterHeight);
  for (let ky = 0; ky < g.filterHeight; ky++) {
    for (let i = 0; i < perRow; i++) {
      const column = (<usize>i * g.dilationWidth * g.channels) << 2;
      store<u32>(target, <u32>(<usize>ky * g.dilationHeight * rowBytes + column));
      target += 4;
    }
  }
}

/** 出力の画素ごとに、入力のどこから読み始めるか(バイト)の表を書きます。 */
export function writePixelOffsets(g: Geometry, rowBytes: usize, target: usize): void {
  for (let oy = 0; oy < g.outHeight; oy++) {
    let offset = <usize>oy * g.strideHeight * rowBytes;
    for (let ox = 0; ox < g.outWidth; ox++) {
      store<u32>(target, <u32>offset);
      offset += (<usize>g.strideWidth * g.channels) << 2;
      target += 4;
    }
  }
}

/** 周りを 0 で埋めた画像を target に作ります。 */
export function padImage(g: Geometry, image: usize, target: usize): void {
  const rowBytes = (<usize>g.paddedWidth * g.channels) << 2, inRowBytes = (<usize>g.inWidth * g.channels) << 2;
  memory.fill(target, 0, g.paddedBytes);
  const rows = min<i32>(g.inHeight, g.paddedHeight - g.padTop);
  const copied = (<usize>max<i32>(0, min<i32>(g.inWidth, g.paddedWidth - g.padLeft)) * g.channels) << 2;
  target += <usize>g.padTop * rowBytes + ((<usize>g.padLeft * g.channels) << 2);
  for (let y = 0; y < rows; y++) {
    memory.copy(target, image, copied);
    target += rowBytes;
    image += inRowBytes;
  }
}

/** padImage の逆: 詰め物のある画像から元の大きさを切り出します。届かない端は 0 です。 */
export function cropImage(g: Geometry, padded: usize, image: usize): void {
  const rowBytes = (<usize>g.paddedWidth * g.channels) << 2, inRowBytes = (<usize>g.inWidth * g.channels) << 2;
  const rows = min<i32>(g.inHeight, g.paddedHeight - g.padTop);
  const copied = (<usize>max<i32>(0, min<i32>(g.inWidth, g.paddedWidth - g.padLeft)) * g.channels) << 2;
  if (rows < g.inHeight || copied < inRowBytes) memory.fill(image, 0, g.imageBytes);
  padded += <usize>g.padTop * rowBytes + ((<usize>g.padLeft * g.channels) << 2);
  for (let y = 0; y < rows; y++) {
    memory.copy(image, padded, copied);
    padded += rowBytes;
    image += inRowBytes;
  }
}
