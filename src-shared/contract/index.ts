import { app } from './app';
import { browse } from './browse';
import { compare } from './compare';
import { disks } from './disks';
import { files } from './files';
import { jobs } from './jobs';
import { library } from './library';
import { practice } from './practice';
import { surveys } from './survey';

/** Every channel between a window and the host. */
export const contract = { app, browse, compare, disks, files, jobs, library, practice, surveys } as const;
export type Contract = typeof contract;
