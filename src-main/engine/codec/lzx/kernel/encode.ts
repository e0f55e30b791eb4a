// Encoder: sets the parts up and runs a chunk through them.

import { finishWriting, output, setUpWriter, startWriting } from './blockWriter';
import { encodeCalls } from './e8';
import { mainSymbols, windowOrder } from './format';
import { setUpLogarithms } from './logarithm';
import { input, startMatching } from './matching';
import { compressLazy, setUpLazy } from './lazy';
import { compressOptimal, setUpOptimal } from './optimal';

const FIRST_OPTIMAL_LEVEL: u32 = 35;

let lazy: bool = false;

/** Sets up for chunks of up to `maxChunkSize` bytes, in a window of that size. */
export function setUpEncoder(maxChunkSize: u32, level: u32): void {
  const order = windowOrder(maxChunkSize);
  const symbols = mainSymbols(order);
  setUpLogarithms();
  setUpWriter(maxChunkSize, order, symbols);
  lazy = level < FIRST_OPTIMAL_LEVEL;
  if (lazy) setUpLazy(maxChunkSize, level, symbols);
  else setUpOptimal(maxChunkSize, level, symbols);
}

export function encoderInput(): usize {
  return input;
}

export function encoderOutput(): usize {
  return output;
}

/**
 * Encodes `inputSize` bytes of the input slab, whose calls it translates in place.
 * @returns bytes in the output slab, 0 when they would exceed `outputSize`
 */
export function encode(inputSize: u32, outputSize: u32): u32 {
  startMatching(inputSize);
  startWriting(outputSize);
  encodeCalls(input, inputSize);
  if (lazy ? !compressLazy(inputSize) : !compressOptimal(inputSize)) return 0;
  return <u32>finishWriting();
}
