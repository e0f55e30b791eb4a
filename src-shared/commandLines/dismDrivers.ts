import type { DriverWork } from '../contract/work';
import type { ImageChoice } from '../model/requests';
import { windowsWord } from './quoting';
import { LineBuilder, NoLine, type CommandLine, type LineNote } from './shapes';

/** Where the lines mount an image. */
const MOUNT = 'C:\\mount';

/**
 * DISM's lines for work on drivers, as cmd.exe takes them: an image of a WIM is mounted, changed and committed; a folder
 * and an attached volume are changed where they are.
 */
export function dismDriversLine(work: DriverWork): CommandLine {
  try {
    const script = new Script();
    const { image: folder, end } = begin(script, work);
    switch (work.verb) {
      case 'driversAdd':
        add(script, folder, work.request);
        break;
      case 'driversExport':
        script.line((line) =>
          line
            .value('/Image:', folder)
            .add('/Export-Driver')
            .value('/Destination:', work.request.destination),
        );
        script.omit(work.request, ['drivers']);
        break;
      case 'driversRemove':
        remove(script, folder, work.request.drivers);
        break;
    }
    end();
    return script.done();
  } catch (error) {
    if (error instanceof NoLine) return { line: null, reason: error.reason };
    throw error;
  }
}

/** Mounts where that is needed. */
function begin(script: Script, work: DriverWork): { readonly image: string; readonly end: () => void } {
  const { path, volume, image } = work.request;
  if (volume !== undefined) {
    script.note('driveLetter');
    return { image: 'V:\\', end: () => undefined };
  }
  if (image === undefined && !/\.(wim|swm|esd)$/i.test(path)) return { image: path, end: () => undefined };
  // Solid images and parts of a set are read only.
  if (/\.esd$/i.test(path)) throw new NoLine('solid');
  if (/\.swm$/i.test(path)) throw new NoLine('references');
  if (image === 'all') throw new NoLine('allImages');
  const writes = work.verb !== 'driversExport';
  const verifies = work.verb !== 'driversExport' && work.request.verifyIntegrity === true;
  const table = work.verb !== 'driversExport' && (verifies || work.request.integrity === true);
  script.line((line) => {
    line.add('/Mount-Image').value('/ImageFile:', path);
    chosen(line, image ?? 1).add(`/MountDir:${MOUNT}`);
    return line.addIf(!writes, '/ReadOnly').addIf(verifies, '/CheckIntegrity');
  });
  script.note('mountFolder');
  return {
    image: MOUNT,
    end: () =>
      script.line((line) =>
        line
          .add('/Unmount-Image', `/MountDir:${MOUNT}`, writes ? '/Commit' : '/Discard')
          .addIf(table, '/CheckIntegrity'),
      ),
  };
}

function chosen(line: LineBuilder, image: ImageChoice): LineBuilder {
  return typeof image === 'number' ? line.add(`/Index:${image}`) : line.value('/Name:', image);
}

function add(
  script: Script,
  folder: string,
  request: Extract<DriverWork, { verb: 'driversAdd' }>['request'],
): void {
  for (const path of request.drivers) {
    const isArchive = /\.(zip|cab)$/i.test(path);
    const isInf = /\.inf$/i.test(path);
    if (isArchive) script.note('unpackFirst');
    if (!isInf) script.note('addsAll');
    script.line((line) =>
      line
        .value('/Image:', folder)
        .add('/Add-Driver')
        .value('/Driver:', isArchive ? path.slice(0, -4) : path)
        .addIf(!isInf, '/Recurse')
        .addIf(request.forceFaulty, '/ForceUnsigned'),
    );
  }
  // DISM makes ready for boot what Windows starts from, by itself.
  script.omit(request, ['devices', 'only', 'setupComplete', 'answerFile', 'rebuild', 'threads', 'memory']);
}

/** Only what is in the driver store: packages that are staged are files, and unknown to DISM. */
function remove(script: Script, folder: string, drivers: readonly string[] | 'all'): void {
  if (drivers === 'all' || drivers.some((name) => !/^oem\d+\.inf$/i.test(name))) throw new NoLine('noVerb');
  script.line((line) => {
    line.value('/Image:', folder).add('/Remove-Driver');
    for (const name of drivers) line.value('/Driver:', name);
    return line;
  });
}

/** Lines one below the other, with the notes of all. */
class Script {
  private readonly lines: string[] = [];
  private readonly about = new LineBuilder('', windowsWord);

  line(build: (line: LineBuilder) => LineBuilder): void {
    const built = build(new LineBuilder('Dism', windowsWord)).done();
    if (built.line !== null) this.lines.push(built.line);
  }

  note(key: LineNote['key']): void {
    this.about.note(key);
  }

  omit(request: object, names: readonly string[]): void {
    this.about.omit(request, names);
  }

  done(): CommandLine {
    const about = this.about.done();
    return { line: this.lines.join('\n'), notes: about.line === null ? [] : about.notes };
  }
}
