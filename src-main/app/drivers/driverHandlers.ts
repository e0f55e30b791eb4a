import type { drivers } from '../../../src-shared/contract/drivers';
import { DEVICES_MAXIMUM } from '../../../src-shared/contract/driverShapes';
import { AppError } from '../../../src-shared/errors/appError';
import type { Handlers } from '../../../src-shared/rpc/server';
import type { JobControl } from '../../../src-shared/rpc/jobs';
import type { Progress } from '../../../src-shared/model/progress';
import { collectScript } from '../../engine/devices/collectScript';
import { driversList } from '../../engine/drivers/ops/driversList';
import { scanReport } from '../../engine/drivers/ops/driversScan';
import { deviceListOf, matchScanned } from '../../engine/drivers/ops/matchScanned';
import { scanDrivers } from '../../engine/drivers/packages/scanDrivers';
import { knownWindows, windowsTarget } from '../../engine/inf/match/windowsTargets';
import type { EngineHost } from '../../engine/os';
import type { VerbContext } from '../../engine/wim/ops/common';
import { abortable } from '../abortable';
import { writeText } from '../compare/writeText';
import { capped } from '../jobs/workResult';
import { deviceListText } from './deviceListText';
import { chooseAll, chooseMatched } from './chooseDrivers';
import { deviceRow, isFaulty, packageDetails, packageRow } from './driverRows';
import { DriverSessions } from './driverSessions';
import { absoluteDevices } from './driverWork';

type DriverHandlers = Handlers<(typeof drivers)['members']>;

/** Answers the channel `drivers`. What it keeps is bounded; nothing is open between requests. */
export function createDriverHandlers(host: EngineHost): DriverHandlers {
  const { files } = host;
  const sessions = new DriverSessions();
  const absolute = (path: string): string => files.absolute(path);
  return {
    targets: ({ architecture }) =>
      knownWindows
        .filter(({ architectures }) => architectures.includes(architecture))
        .map(({ name, title }) => ({ name, title, target: windowsTarget(name, architecture) })),

    async scan({ paths, check }, control) {
      const choices = { paths: paths.map(absolute), check, index: true };
      const scan = await doing(control, (context) => scanDrivers(host, choices, context));
      const report = scanReport(scan);
      const { packages, remarks, infs, bytes } = report;
      return {
        session: sessions.scans.keep({ scan, report }),
        packages: packages.length,
        faulty: packages.filter(isFaulty).length,
        infs,
        bytes,
        remarks: capped(remarks),
      };
    },
    packages({ session, offset, limit }) {
      return pageOf(sessions.scans.get(session).report.packages, offset, limit, packageRow);
    },
    package({ session, id }) {
      const found = sessions.scans.get(session).report.packages.find((other) => other.id === id);
      if (found === undefined) throw new AppError('io/not-found', `the look found no package ${id}`);
      return packageDetails(found);
    },

    match({ session, target, devices, ...choices }) {
      const { scan, report } = sessions.scans.get(session);
      const { packages } = report;
      const matched =
        devices === undefined
          ? undefined
          : matchScanned(host, scan, absoluteDevices(devices, absolute), target, { forceFaulty: true });
      const chosen =
        matched === undefined
          ? chooseAll(packages, target, choices)
          : chooseMatched(packages, matched, choices);
      const going = packages.filter((_, i) => chosen.uses[i].goesIn);
      const sizes = new Map(going.map(({ infSha256, bytes }) => [infSha256, bytes]));
      return {
        session: sessions.matches.keep(chosen),
        ...(matched === undefined ? {} : { list: matched.list }),
        devices: chosen.devices.length,
        served: chosen.devices.filter(({ candidates }) => candidates.length > 0).length,
        chosen: [...sizes.keys()],
        bytes: [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0),
      };
    },
    matched({ session, offset, limit }) {
      return pageOf(sessions.matches.get(session).devices, offset, limit, deviceRow);
    },
    matchedDevice({ session, index }) {
      const found = sessions.matches.get(session).devices.at(index);
      if (found === undefined) throw new AppError('io/not-found', `there is no device ${index}`);
      const { device, candidates, extensions, out, why } = found;
      return { device, candidates, extensions, out, ...(why === undefined ? {} : { why }) };
    },
    uses({ session, offset, limit }) {
      return pageOf(sessions.matches.get(session).uses, offset, limit, (use) => use);
    },

    devices({ choice }) {
      const list = deviceListOf(host, absoluteDevices(choice, absolute));
      return { ...list, devices: list.devices.slice(0, DEVICES_MAXIMUM) };
    },
    async saveDevices({ list, path: given, overwrite }) {
      const path = absolute(given);
      await writeText(host, path, [deviceListText(list)], overwrite);
      return { path };
    },
    async saveScript({ path: given, overwrite }) {
      const path = absolute(given);
      await writeText(host, path, [collectScript()], overwrite);
      return { path };
    },

    async list({ place: given, all }, control) {
      const request = { ...given, path: absolute(given.path), all };
      const report = await doing(control, (context) => driversList(host, request, context));
      const { place, windows, drivers: stored, warnings } = report;
      return {
        session: sessions.stores.keep(report),
        place,
        windows,
        drivers: stored.length,
        warnings: capped(warnings),
      };
    },
    stored({ session, offset, limit }) {
      return pageOf(sessions.stores.get(session).drivers, offset, limit, (driver) => driver);
    },
    close({ session }) {
      sessions.close(session);
      return null;
    },
  };
}

/** Does a verb for a window. */
function doing<T>(
  { signal, report }: JobControl<Progress>,
  verb: (context: VerbContext) => Promise<T>,
): Promise<T> {
  return abortable(signal, (abort) => verb({ signal: abort, onProgress: report }));
}

function pageOf<T, Row>(
  all: readonly T[],
  offset: number,
  limit: number,
  row: (item: T, index: number) => Row,
): { total: number; rows: Row[] } {
  const rows = all.slice(offset, offset + limit).map((item, i) => row(item, offset + i));
  return { total: all.length, rows };
}
