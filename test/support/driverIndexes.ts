import type { Device } from '../../src-shared/model/drivers';
import { parseDecoration } from '../../src-main/engine/inf/decoration';
import type { InfModel, InfModels } from '../../src-main/engine/inf/infModel';
import { createDriverIndex, type DriverIndex } from '../../src-main/engine/inf/match/driverIndex';
import type { IndexedPackage } from '../../src-main/engine/inf/match/matchTypes';

/** A package for matching, in few words. */
export interface MadePackage extends Partial<IndexedPackage> {
  readonly id: string;
  /** Models sections by decoration ('' for none): lines of identifiers, the hardware identifier first. */
  readonly models: Readonly<Record<string, readonly (readonly string[])[]>>;
  /** Of every install section. */
  readonly featureScore?: number;
  /** Extension of every install section; '.NT' when absent. */
  readonly extension?: string;
}

export function madeIndex(packages: readonly MadePackage[], wanted?: ReadonlySet<string>): DriverIndex {
  const index = createDriverIndex(wanted);
  for (const one of packages) addMade(index, one);
  return index;
}

export function addMade(index: DriverIndex, made: MadePackage): void {
  const { models, featureScore = 0xff, extension = '.NT', ...summary } = made;
  index.add(
    {
      name: `${made.id}.inf`,
      inf: `/drivers/${made.id}/${made.id}.inf`,
      provider: 'Contoso',
      infSha256: `sha of ${made.id}`,
      kind: 'device',
      date: '2024-05-01',
      version: '1.2.0.0',
      remarks: [],
      signature: { state: 'whcp' },
      ...summary,
    },
    {
      models: Object.entries(models).map(([decoration, lines]) => sectionOf(decoration, lines)),
      install: (name) => ({ section: `${name}${extension}`, featureScore }),
    },
  );
}

function sectionOf(text: string, lines: readonly (readonly string[])[]): InfModels {
  const decoration = text === '' ? undefined : parseDecoration(text);
  if (text !== '' && decoration === undefined) throw new Error(`${text} is no decoration`);
  return {
    manufacturer: 'Contoso',
    section: text === '' ? 'Contoso' : `Contoso.${text}`,
    ...(decoration === undefined ? {} : { decoration }),
    line: 10,
    models: lines.map((identifiers, index): InfModel => ({
      description: `Device ${index}`,
      install: `Install${index}`,
      identifiers,
      line: 20 + index,
    })),
  };
}

export function madeDevice(hardwareIds: readonly string[], compatibleIds: readonly string[] = []): Device {
  return { instanceId: '', name: 'a device', className: '', hardwareIds, compatibleIds };
}
