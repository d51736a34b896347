/**
 * 図を作る部屋です。どの関数もファイルには触らず、SVG や PNG の中身だけを返します。
 *
 * @module
 */
export { barChart, type Bar, type BarChartOptions } from './barChart.ts';
export { confusionMatrixFigure, type ConfusionMatrixFigureOptions } from './confusionMatrix.ts';
export type { LineSeries } from './curve.ts';
export { histogram, type HistogramOptions } from './histogram.ts';
export {
  imageGridPng,
  type ImageChoice,
  type ImageGridOptions,
  type ImageSource,
} from './imageGrid.ts';
export { layerTable, type LayeredModel, type ModelLayer } from './layerTable.ts';
export { lineChart, type LineChartOptions, type ReferenceLine } from './lineChart.ts';
export {
  featureMapGrid,
  filterGrid,
  type FeatureMapGridOptions,
  type FeatureMapLayer,
  type FilterGridOptions,
  type FilterRow,
} from './mapGrid.ts';
export { toPicture, type Picture } from './picture.ts';
export { pixelGrid, type PixelGridOptions } from './pixelGrid.ts';
export { predictionGrid, type PredictionGridOptions } from './predictionGrid.ts';
export type { NumberFormat, ScaleKind } from './scales.ts';
export { scatterChart, type ScatterChartOptions, type ScatterPanel } from './scatterChart.ts';
export {
  smallHistograms,
  type HistogramPanel,
  type SmallHistogramsOptions,
} from './smallHistograms.ts';
export { terminalImages, type TerminalImagesOptions } from './terminalImages.ts';
export { transformSheet, type TransformRow, type TransformSheetOptions } from './transformSheet.ts';
