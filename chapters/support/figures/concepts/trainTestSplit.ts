import { cifar10ClassNames } from '../../../../datasets/cifar10.ts';
import { element, label, svgDocument } from '../svg.ts';
import { figureWidth } from '../theme.ts';
import { card, edge, headline } from './parts.ts';

const trainPerClass = 5000;
const testPerClass = 1000;
const nameWidth = 66;
const trainWidth = 290;
const testWidth = (trainWidth * testPerClass) / trainPerClass;
const trainX = edge + nameWidth;
const testX = trainX + trainWidth + 26;

/**
 * CIFAR-10 を、学習データとテストデータに分ける図。棒の長さは枚数に比例します。
 *
 * @returns SVG。
 */
export function drawTrainTestSplit(): string {
  const title = '学習データと、テストデータ';
  const top = 132;
  const pitch = 24;
  const cards = top + cifar10ClassNames.length * pitch + 12;
  const body = [
    headline(title, '覚えた問題ではなく、初めて見る問題で実力を測ります。'),
    label(trainX, 98, '学習データ 50,000 枚', { bold: true, color: 'series1' }),
    label(trainX, 120, '1 種類につき 5,000 枚', { color: 'muted' }),
    label(figureWidth - edge, 98, 'テストデータ 10,000 枚', {
      bold: true,
      color: 'series2',
      anchor: 'end',
    }),
    label(figureWidth - edge, 120, '1,000 枚ずつ', { color: 'muted', anchor: 'end' }),
    ...cifar10ClassNames.map((name, i) => {
      const y = top + i * pitch;
      return [
        label(trainX - 8, y + 14, name, { anchor: 'end' }),
        bar(trainX, y, trainWidth, 'series1'),
        bar(testX, y, testWidth, 'series2'),
      ].join('');
    }),
    card(edge, cards, 214, 76, 'series1'),
    label(edge + 14, cards + 30, 'パラメーターを直すため'),
    label(edge + 14, cards + 56, '何度もくり返し使う', { bold: true, color: 'series1' }),
    card(246, cards, 214, 76, 'series2'),
    label(260, cards + 30, '正解率を測るため'),
    label(260, cards + 56, '学習には一度も使わない', { bold: true, color: 'series2' }),
  ].join('\n');
  return svgDocument({
    width: figureWidth,
    height: cards + 96,
    title,
    description:
      `CIFAR-10 の 10 種類(${cifar10ClassNames.join('、')})のそれぞれを、学習データ 5,000 枚とテストデータ 1,000 枚に分けた横棒。` +
      '合わせて学習データ 50,000 枚、テストデータ 10,000 枚。学習データはパラメーターを直すために何度も使い、テストデータは学習には一度も使わない。',
    body,
  });
}

function bar(x: number, y: number, width: number, color: 'series1' | 'series2'): string {
  return element('rect', { x, y, width, height: 18, rx: 3, class: `fill-${color}` });
}
