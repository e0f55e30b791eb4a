import { z } from 'zod';
import { channel, event, request } from '../rpc/declare';
import { DeviceListShape } from './driverShapes';
import { count, time } from './shapes';

/** Models that are kept. */
export const MODELS_MAXIMUM = 200;

const id = z
  .string()
  .regex(/^[0-9a-z-]+$/)
  .max(64);

/** The devices of a PC model, kept under a name. */
export const DeviceModel = z.object({
  id,
  name: z.string().min(1).max(200),
  /** Maker and model, where the list told. */
  model: z.string(),
  devices: count,
  savedAt: time,
});
export type DeviceModel = z.infer<typeof DeviceModel>;

/** Lists of devices that a person kept: one for each model of PC. */
export const deviceModels = channel('deviceModels', {
  /** By name. */
  list: request({ in: z.object({}), out: z.array(DeviceModel) }),
  get: request({ in: z.object({ id }), out: DeviceListShape, errors: ['io/not-found'] }),
  /** Keeps a list; one of the same name is replaced. */
  save: request({
    in: z.object({ name: z.string().trim().min(1).max(200), list: DeviceListShape }),
    out: DeviceModel,
    errors: ['io/no-space', 'io/no-permission', 'usage/invalid'],
  }),
  remove: request({ in: z.object({ id }), out: z.null() }),
  changed: event({ out: z.array(DeviceModel) }),
});
