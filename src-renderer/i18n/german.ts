import type { Catalogue } from './catalogue';
import { commonDe } from './de/common';
import { disksDe } from './de/disks';
import { driverLibraryDe } from './de/driverLibrary';
import { driversDe } from './de/drivers';
import { errorsDe } from './de/errors';
import { filesDe } from './de/files';
import { imageDe } from './de/image';
import { imagesDe } from './de/images';
import { jobsDe } from './de/jobs';
import { practiceDe } from './de/practice';
import { settingsDe } from './de/settings';
import { wizardsDe } from './de/wizards';

/** German. Loaded when it is chosen. */
export const german: Catalogue = {
  ...commonDe,
  ...disksDe,
  ...driverLibraryDe,
  ...driversDe,
  ...errorsDe,
  ...filesDe,
  ...imageDe,
  ...imagesDe,
  ...jobsDe,
  ...practiceDe,
  ...settingsDe,
  ...wizardsDe,
};
