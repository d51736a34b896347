import { drawActivations } from './activations.ts';
import { drawChannels } from './channels.ts';
import { drawCollapse } from './collapse.ts';
import { drawCourseMap } from './courseMap.ts';
import { drawCpuGpu } from './cpuGpu.ts';
import { drawCrossEntropy } from './crossEntropy.ts';
import { drawDepthwiseSeparable } from './depthwiseSeparable.ts';
import { drawDropout } from './dropout.ts';
import { drawEdgeFilters } from './edgeFilters.ts';
import { drawFairClock } from './fairClock.ts';
import { drawFlatten } from './flatten.ts';
import { drawFourSteps } from './fourSteps.ts';
import { drawFrozenParts } from './frozenParts.ts';
import { drawGenresTasks } from './genresTasks.ts';
import { drawInputSize } from './inputSize.ts';
import { drawLaunchOverhead } from './launchOverhead.ts';
import { drawLossLandscape } from './lossLandscape.ts';
import { drawMaxPooling } from './maxPooling.ts';
import { drawNesting } from './nesting.ts';
import { drawNetwork } from './network.ts';
import { drawNeuron } from './neuron.ts';
import { drawNormalization } from './normalization.ts';
import { drawOutputSize } from './outputSizeFigure.ts';
import { drawOverfitting } from './overfitting.ts';
import { drawReceptiveField } from './receptiveField.ts';
import { drawResidualBlock } from './residualBlock.ts';
import { drawShapeFlow } from './shapeFlow.ts';
import { drawSlidingFilter, drawSlidingSteps } from './slidingFilter.ts';
import { drawTensorShapes } from './tensorShapes.ts';
import { drawTrainingLoop } from './trainingLoop.ts';
import { drawTrainTestSplit } from './trainTestSplit.ts';
import { drawVggLayers } from './vggLayers.ts';
import { drawWeightDecay } from './weightDecay.ts';
import { drawWeightSharing } from './weightSharing.ts';

/** 章ごとの、考え方の図。ファイルの名前(拡張子なし)と、SVG を返す関数の組です。 */
export const conceptFigures: Readonly<Record<string, Readonly<Record<string, () => string>>>> = {
  '00-introduction': {
    nesting: drawNesting,
    'genres-tasks': drawGenresTasks,
    'four-steps': drawFourSteps,
    'course-map': drawCourseMap,
    'tensor-shapes': drawTensorShapes,
    normalization: drawNormalization,
    'train-test-split': drawTrainTestSplit,
  },
  '01-fully-connected': {
    'four-steps': drawFourSteps,
    neuron: drawNeuron,
    flatten: drawFlatten,
    collapse: drawCollapse,
    activations: drawActivations,
    network: drawNetwork,
    'cross-entropy': drawCrossEntropy,
    'loss-landscape': drawLossLandscape,
    'training-loop': drawTrainingLoop,
  },
  '02-1-cnn-cpu': {
    'sliding-filter': drawSlidingFilter,
    'sliding-steps': drawSlidingSteps,
    'edge-filters': drawEdgeFilters,
    'weight-sharing': drawWeightSharing,
    channels: drawChannels,
    'output-size': drawOutputSize,
    'max-pooling': drawMaxPooling,
    'shape-flow': drawShapeFlow,
    'receptive-field': drawReceptiveField,
  },
  '02-2-cnn-gpu': {
    'cpu-gpu': drawCpuGpu,
    'launch-overhead': drawLaunchOverhead,
    'fair-clock': drawFairClock,
    dropout: drawDropout,
    overfitting: drawOverfitting,
    'weight-decay': drawWeightDecay,
  },
  '03-transfer-learning': {
    'frozen-parts': drawFrozenParts,
    'input-size': drawInputSize,
    'depthwise-separable': drawDepthwiseSeparable,
    'vgg-layers': drawVggLayers,
    'residual-block': drawResidualBlock,
  },
};
