import { forgetCodecs } from '../codec/codecs';
import { copyStreams } from './copyStreams';
import { packBatch, packRange } from './packStreams';
import { createEmpty, finishFiles } from './placeFiles';
import { packSolid } from './packSolid';
import { hashStream, readBatch } from './readStreams';
import { ResourceDecoder } from './resourceDecoder';
import { Scratch } from './scratch';
import type { TaskContext, TaskEnvironment } from './taskEnvironment';
import type { TaskHandlers } from './tasks';
import { unpackLarge } from './unpackLarge';
import { unpackSolid } from './unpackSolid';
import { unpackBatch, unpackRange } from './unpackStreams';

/** The tasks of one thread; they share its buffers, so only one runs at a time. */
export function createTaskHandlers(env: TaskEnvironment): TaskHandlers {
  const context: TaskContext = {
    files: env.files,
    sha1: env.sha1,
    kernels: env.kernels,
    system: env.system,
    decoder: new ResourceDecoder(env.kernels),
    scratch: new Scratch(),
  };
  return {
    listDirectories: ({ paths }) => ({ listings: paths.map((path) => env.files.listDirectory(path)) }),
    readBatch: (input) => readBatch(context, input),
    hashStream: (input) => hashStream(context, input),
    packBatch: (input) => packBatch(context, input),
    packRange: (input) => packRange(context, input),
    unpackBatch: (input) => unpackBatch(context, input),
    unpackLarge: (input) => unpackLarge(context, input),
    unpackRange: (input) => unpackRange(context, input),
    packSolid: (input) => packSolid(context, input),
    unpackSolid: (input) => unpackSolid(context, input),
    copyStreams: (input) => copyStreams(context, input),
    createEmpty: (input) => createEmpty(context, input),
    finishFiles: (input) => finishFiles(context, input),
    async readDrivers(order) {
      const { readDrivers } = await import('../drivers/packages/readDrivers');
      return readDrivers(env.system, order);
    },
    release() {
      context.decoder.solid.release();
      forgetCodecs(env.kernels);
      return {};
    },
  };
}
