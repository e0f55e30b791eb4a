import { createHash } from 'node:crypto';
import path from 'node:path';
import { z } from 'zod';
import { DeviceModel, type deviceModels, MODELS_MAXIMUM } from '../../../src-shared/contract/deviceModels';
import { DeviceListShape } from '../../../src-shared/contract/driverShapes';
import { AppError } from '../../../src-shared/errors/appError';
import type { Handlers } from '../../../src-shared/rpc/server';
import { makeDirectories, readSmallFile, writeAtomically } from '../../platform/smallFiles';
import { namesIn, removeTree } from '../../platform/treeWalk';

/** Bytes of one model: a thousand devices with all their identifiers. */
const LIMIT = 4 << 20;

const Stored = z.object({ about: DeviceModel, list: DeviceListShape });

export interface DeviceModelsOptions {
  /** Holds a file for each model, and nothing else. */
  readonly folder: string;
  readonly emit: (models: DeviceModel[]) => void;
  readonly warn: (text: string) => void;
  /** ISO 8601 */
  readonly now: () => string;
}

/** Lists of devices that a person kept under the name of a PC model: a file for each, in a folder of the program's. */
export function createDeviceModels(options: DeviceModelsOptions): Handlers<(typeof deviceModels)['members']> {
  const { folder, emit, warn, now } = options;
  const fileOf = (id: string): string => path.join(folder, `${id}.json`);

  async function read(id: string): Promise<z.infer<typeof Stored> | undefined> {
    const bytes = await readSmallFile(fileOf(id), LIMIT);
    if (bytes === undefined) return undefined;
    const stored = Stored.safeParse(jsonOf(bytes.toString('utf8')));
    return stored.success && stored.data.about.id === id ? stored.data : undefined;
  }

  async function list(): Promise<DeviceModel[]> {
    const models: DeviceModel[] = [];
    for (const name of await namesOf(folder)) {
      const id = /^([0-9a-z-]+)\.json$/.exec(name)?.[1];
      if (id === undefined) continue;
      try {
        const stored = await read(id);
        if (stored === undefined) warn(`${fileOf(id)} holds no list of devices`);
        else models.push(stored.about);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        warn(error.message);
      }
    }
    return models.sort((a, b) => a.name.localeCompare(b.name)).slice(0, MODELS_MAXIMUM);
  }

  async function tell(): Promise<void> {
    emit(await list());
  }

  return {
    list,
    async get({ id }) {
      const stored = await read(id);
      if (stored === undefined) throw new AppError('io/not-found', 'this model is not kept any more');
      return stored.list;
    },
    async save({ name, list: given }) {
      const id = createHash('sha256').update(name.toLowerCase()).digest('hex').slice(0, 16);
      const others = (await list()).filter((model) => model.id !== id);
      if (others.length >= MODELS_MAXIMUM)
        throw new AppError('usage/invalid', `${MODELS_MAXIMUM} models are kept; delete one of them first`);
      const about: DeviceModel = {
        id,
        name,
        model: given.model ?? '',
        devices: given.devices.length,
        savedAt: now(),
      };
      const text = `${JSON.stringify({ about, list: { ...given, label: name } })}\n`;
      if (Buffer.byteLength(text) > LIMIT)
        throw new AppError(
          'usage/invalid',
          `the list is too long to be kept: ${Buffer.byteLength(text)} bytes`,
        );
      await makeDirectories(folder);
      await writeAtomically(fileOf(id), text, { overwrite: true, mode: 0o600 });
      await tell();
      return about;
    },
    async remove({ id }) {
      await removeTree(fileOf(id));
      await tell();
      return null;
    },
  };
}

async function namesOf(folder: string): Promise<string[]> {
  try {
    return await namesIn(folder);
  } catch (error) {
    // The folder is made with its first model.
    if (error instanceof AppError && error.code === 'io/not-found') return [];
    throw error;
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
