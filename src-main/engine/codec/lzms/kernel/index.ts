// Entry points of the LZMS kernel. An instance is set up either as a decoder or as an encoder, once.

export { decode, decoderInput, decoderOffset, decoderOutput, setUpDecoder } from './decode';
export { encode, encoderInput, encoderOutput, setUpEncoder } from './encode';
