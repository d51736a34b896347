import { drawActivations } from './activations.ts';
import { drawCollapse } from './collapse.ts';
import { drawCrossEntropy } from './crossEntropy.ts';
import { drawFlatten } from './flatten.ts';
import { drawFourSteps } from './fourSteps.ts';
import { drawLossLandscape } from './lossLandscape.ts';
import { drawNetwork } from './network.ts';
import { drawNeuron } from './neuron.ts';
import { drawTrainingLoop } from './trainingLoop.ts';

/** 章ごとの、考え方の図。ファイルの名前(拡張子なし)と、SVG を返す関数の組です。 */
export const conceptFigures: Readonly<Record<string, Readonly<Record<string, () => string>>>> = {
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
};
