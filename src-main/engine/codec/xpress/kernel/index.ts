// Inner loops of the XPRESS codec, compiled from AssemblyScript to WebAssembly. See xpress.ts for the format.
import { DECODER_INPUT, DECODER_INPUT_SIZE, DECODER_OUTPUT, ENCODER_INPUT, ENCODER_OUTPUT } from './layout';

export { decode, prepareDecoder } from './decode';
export { encode, prepareEncoder } from './encode';

export function decoderInput(): u32 {
  return DECODER_INPUT;
}
export function decoderInputSize(): u32 {
  return DECODER_INPUT_SIZE;
}
export function decoderOutput(): u32 {
  return DECODER_OUTPUT;
}
export function encoderInput(): u32 {
  return ENCODER_INPUT;
}
export function encoderOutput(): u32 {
  return ENCODER_OUTPUT;
}
