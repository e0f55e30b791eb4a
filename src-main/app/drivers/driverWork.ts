import type { DriverWork } from '../../../src-shared/contract/work';
import type { DeviceListChoice, OfflinePlace } from '../../../src-shared/model/drivers';

/** Whether an offline Windows is an image of a WIM: one has a number, and its file a name that says so. */
export function isWimPlace({ path, image }: OfflinePlace): boolean {
  return image !== undefined || /\.(?:wim|esd|swm|ppkg)$/i.test(path);
}

/** The WIM, folder or disk whose drivers work changes; undefined where it only reads them. */
export function changedPlace(work: DriverWork): string | undefined {
  return work.verb === 'driversExport' ? undefined : work.request.path;
}

/** The folder that work fills or changes; undefined for work on a WIM. */
export function filledFolder(work: DriverWork): string | undefined {
  if (work.verb === 'driversExport') return work.request.destination;
  return isWimPlace(work.request) ? undefined : work.request.path;
}

/** Folders and files that work reads and does not change, and that are no WIM. */
export function readPlaces(work: DriverWork): string[] {
  switch (work.verb) {
    case 'driversAdd': {
      const { drivers, devices } = work.request;
      return [...drivers, ...(devices?.kind === 'file' ? [devices.path] : [])];
    }
    case 'driversExport':
      return isWimPlace(work.request) ? [] : [work.request.path];
    case 'driversRemove':
      return [];
  }
}

/** Work on drivers with its paths absolute. */
export function absoluteDriverWork(work: DriverWork, absolute: (path: string) => string): DriverWork {
  switch (work.verb) {
    case 'driversAdd': {
      const { request } = work;
      const { path, drivers, devices, answerFile } = request;
      return {
        verb: 'driversAdd',
        request: {
          ...request,
          path: absolute(path),
          drivers: drivers.map((place) => absolute(place)),
          ...(devices === undefined ? {} : { devices: absoluteDevices(devices, absolute) }),
          ...(answerFile === undefined ? {} : { answerFile: absolute(answerFile) }),
        },
      };
    }
    case 'driversExport': {
      const { request } = work;
      const [path, destination] = [absolute(request.path), absolute(request.destination)];
      return { verb: 'driversExport', request: { ...request, path, destination } };
    }
    case 'driversRemove':
      return { verb: 'driversRemove', request: { ...work.request, path: absolute(work.request.path) } };
  }
}

/** The devices' file with an absolute path. */
export function absoluteDevices(
  choice: DeviceListChoice,
  absolute: (path: string) => string,
): DeviceListChoice {
  return choice.kind === 'file' ? { kind: 'file', path: absolute(choice.path) } : choice;
}
