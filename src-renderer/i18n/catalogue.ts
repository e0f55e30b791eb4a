import { commonEn } from './en/common';
import { disksEn } from './en/disks';
import { driverLibraryEn } from './en/driverLibrary';
import { driversEn } from './en/drivers';
import { errorsEn } from './en/errors';
import { filesEn } from './en/files';
import { imageEn } from './en/image';
import { imagesEn } from './en/images';
import { jobsEn } from './en/jobs';
import { practiceEn } from './en/practice';
import { settingsEn } from './en/settings';
import { wizardsEn } from './en/wizards';

/** Every text of the workbench, in ICU message syntax. One file for each area; the other languages have the same keys. */
export const english = {
  ...commonEn,
  ...disksEn,
  ...driverLibraryEn,
  ...driversEn,
  ...errorsEn,
  ...filesEn,
  ...imageEn,
  ...imagesEn,
  ...jobsEn,
  ...practiceEn,
  ...settingsEn,
  ...wizardsEn,
} as const;

export type MessageKey = keyof typeof english;
export type Catalogue = Readonly<Record<MessageKey, string>>;
/** One area's texts in another language: the same keys as in English. */
export type Same<Area> = Readonly<Record<keyof Area, string>>;
