import { app } from './app';
import { browse } from './browse';
import { compare } from './compare';
import { deviceModels } from './deviceModels';
import { disks } from './disks';
import { drivers } from './drivers';
import { files } from './files';
import { jobs } from './jobs';
import { library } from './library';
import { practice } from './practice';
import { surveys } from './survey';

/** Every channel between a window and the host. */
export const contract = {
  app,
  browse,
  compare,
  deviceModels,
  disks,
  drivers,
  files,
  jobs,
  library,
  practice,
  surveys,
} as const;
export type Contract = typeof contract;
