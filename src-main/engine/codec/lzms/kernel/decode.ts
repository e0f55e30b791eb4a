// Decoder: its slabs, and a chunk from start to end.

import { startChances } from './chances';
import { OUTPUT_SLACK, setUpCopies } from './copy';
import {
  chances,
  LENGTH_ROOT,
  lengthTable,
  rebuildLengths,
  rebuildLiterals,
  rebuildOffsets,
  setUpCodes,
  startCodes,
} from './decodeCodes';
import { copyPair, startDeltas, takePair } from './decodeDelta';
import {
  countLength,
  decodeItems,
  lengthsLeft,
  literalsLeft,
  missing,
  offsetsLeft,
  passDelta,
  Pause,
  position,
  restartCountdowns,
  startItems,
} from './decodeItems';
import { lengthSlots, offsetSlotCount, setUpSlots, slotBase, slotBits } from './format';
import { slab } from './memory';
import { Status } from './status';
import { PAD, padSuffices, startStreams, takeBits, takeSymbol, usedAtFront } from './streams';
import { restore } from './x86';

let input: usize = 0;
let output: usize = 0;
let offset: usize = 0;

/** Sets up for chunks of up to `maxChunkSize` bytes. */
export function setUpDecoder(maxChunkSize: usize, maxInput: usize): void {
  if (!padSuffices()) unreachable();
  setUpSlots();
  setUpCopies();
  setUpCodes();
  input = slab(PAD + maxInput + PAD) + PAD;
  output = slab(maxChunkSize + OUTPUT_SLACK);
}

export function decoderInput(): usize {
  return input;
}

export function decoderOutput(): usize {
  return output;
}

/** Where a fault was found: bytes that had been read from the front of the input. */
export function decoderOffset(): usize {
  return offset;
}

/** Rebuilds the codes that have counted down. */
function rebuild(): void {
  if (literalsLeft == 0) rebuildLiterals();
  if (offsetsLeft == 0) rebuildOffsets();
  if (lengthsLeft == 0) rebuildLengths();
  restartCountdowns();
}

/** Decodes a delta match whose first two decisions are taken. */
function decodeDelta(waiting: bool): Status {
  takePair(waiting);
  const slot = takeSymbol(lengthTable, LENGTH_ROOT);
  countLength(slot);
  const length = slotBase(lengthSlots, slot) + takeBits(slotBits(lengthSlots, slot));
  if (length > <u32>missing()) return Status.BadLength;
  if (!copyPair(output, position, length)) return Status.BadDeltaOffset;
  passDelta(length);
  if (lengthsLeft == 0) rebuild();
  return Status.Done;
}

/** Decodes the items of a chunk. */
function decodeAll(): Status {
  // Where the delta match before ended: its pair is still waiting when nothing else came between.
  let deltaEnd: usize = 0;
  let pause = decodeItems();
  while (pause != Pause.Full) {
    if (pause == Pause.Rebuild) {
      rebuild();
    } else if (pause == Pause.Delta) {
      const status = decodeDelta(position == deltaEnd);
      if (status != Status.Done) return status;
      deltaEnd = position;
    } else {
      return pause == Pause.BadOffset ? Status.BadOffset : Status.BadLength;
    }
    pause = decodeItems();
  }
  return Status.Done;
}

/** Decodes `inputSize` bytes of the input slab into `outputSize` bytes of the output slab. */
export function decode(inputSize: usize, outputSize: usize): Status {
  offset = 0;
  if (inputSize < 4) return Status.TooShort;
  if ((inputSize & 1) != 0) return Status.OddSize;
  startChances(chances);
  startCodes(offsetSlotCount(outputSize));
  startDeltas();
  startStreams(input, inputSize);
  startItems(output, outputSize);
  const status = decodeAll();
  offset = usedAtFront();
  if (status == Status.Done) restore(output, outputSize);
  return status;
}
