/**
 * 画像の変換。名前と働きは torchvision の transforms に合わせました。
 *
 * どの変換も、元の画像を書き換えず、新しい画像を返します。
 * 無作為な変換は、渡された乱数だけを使い、画像ごとに別の選び方をします。
 *
 * @module
 */
export { compose, normalize, toTensor } from './transforms/values.ts';
export {
  centerCrop,
  randomCrop,
  randomHorizontalFlip,
  randomVerticalFlip,
  resize,
} from './transforms/geometry.ts';
export {
  adjustBrightness,
  adjustContrast,
  adjustHue,
  adjustSaturation,
  colorJitter,
} from './transforms/color.ts';
