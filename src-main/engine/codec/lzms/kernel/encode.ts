// Encoder: sets the parts up and runs a chunk through them.

import { setUpEncodeSlots } from './encodeSlots';
import { setUpFront } from './encodeFront';
import { setUpSlots } from './format';
import { looksIncompressible, setUpIncompressible } from './incompressible';
import { finishWriting, setUpWriter, startWriting } from './itemWriter';
import { input, setUpMatches, startMatches } from './matchCache';
import { parse, setUpParser } from './parse';
import { setUpPath } from './path';
import { translate } from './x86';

/** Chunks smaller than this never get smaller. */
const SMALLEST: u32 = 4;
const FIRST_DELTA_LEVEL: u32 = 35;
const FIRST_GAP_LEVEL: u32 = 45;
/** From this level on the finders look everywhere, and the parser tries more. */
const FIRST_THOROUGH_LEVEL: u32 = 60;

let output: usize = 0;

/** Sets up for chunks of up to `maxChunkSize` bytes. */
export function setUpEncoder(maxChunkSize: u32, level: u32): void {
  setUpSlots();
  setUpEncodeSlots(maxChunkSize);
  setUpFront();
  setUpIncompressible();
  setUpPath();
  const nice = (63 * level) / 50;
  const withDeltas = level >= FIRST_DELTA_LEVEL;
  setUpMatches(maxChunkSize, nice < 4 ? 4 : nice, withDeltas, level >= FIRST_THOROUGH_LEVEL);
  output = setUpWriter(maxChunkSize);
  setUpParser(withDeltas, level >= FIRST_GAP_LEVEL, level >= FIRST_THOROUGH_LEVEL);
}

export function encoderInput(): usize {
  return input;
}

export function encoderOutput(): usize {
  return output;
}

/**
 * Encodes `inputSize` bytes of the input slab, in which the x86 filter works in place.
 * @returns bytes in the output slab, 0 when they would exceed `outputSize`
 */
export function encode(inputSize: u32, outputSize: u32): u32 {
  if (inputSize < SMALLEST || looksIncompressible(input, inputSize)) return 0;
  startMatches(inputSize);
  translate(input, inputSize);
  startWriting(inputSize, outputSize);
  if (!parse(inputSize)) return 0;
  return finishWriting();
}
