import path from 'node:path';
import type { Device } from '../../../../../src-shared/model/drivers';
import { namesIn, realPathOf, textOf } from '../../linux/systemFiles';
import { hexText } from './hexText';

/** Codecs of High Definition Audio, from /sys/bus/hdaudio. */
export function hdAudioDevices(sys: string): Device[] {
  return namesIn(sys, 'bus/hdaudio/devices').flatMap((name) => {
    const place = [sys, 'bus/hdaudio/devices', name] as const;
    const id = hexText(textOf(...place, 'vendor_id'), 8);
    if (id === undefined) return [];
    const hasAudio = (textOf(...place, 'afg') ?? '0x1') !== '0x0';
    const real = realPathOf(...place);
    const controller = real === undefined ? undefined : hexText(textOf(path.dirname(real), 'vendor'), 4);
    const maker = textOf(...place, 'vendor_name') ?? '';
    const chip = textOf(...place, 'chip_name') ?? '';
    return [
      {
        instanceId: `/sys/bus/hdaudio/devices/${name}`,
        name: `${maker} ${chip}`.trim() || 'High Definition Audio codec',
        className: 'MEDIA',
        ...hdAudioIdentifiers({
          functionGroup: hasAudio ? '01' : '02',
          vendor: id.slice(0, 4),
          device: id.slice(4),
          subsystem: hexText(textOf(...place, 'subsystem_id'), 8) ?? '00000000',
          revision: hexText(textOf(...place, 'revision_id'), 8) ?? '00000000',
          ...(controller === undefined ? {} : { controller }),
        }),
      },
    ];
  });
}

/**
 * What Windows' HD Audio bus driver reports: MicrosoftDocs/windows-driver-docs install/identifiers-for-hdaudio-devices.md.
 * The revision has four digits there and eight in the codec: those of the specification's version and the vendor's
 * revision, without the stepping. The page gives the kinds of compatible identifiers, but not their list; it is as
 * Windows 10 has it.
 */
export function hdAudioIdentifiers(facts: {
  readonly functionGroup: string;
  readonly vendor: string;
  readonly device: string;
  readonly subsystem: string;
  /** Eight digits. */
  readonly revision: string;
  /** PCI vendor of the bus. */
  readonly controller?: string;
}): Pick<Device, 'hardwareIds' | 'compatibleIds'> {
  const { vendor, device, subsystem, controller } = facts;
  const group = `HDAUDIO\\FUNC_${facts.functionGroup}`;
  const revision = facts.revision.slice(2, 6);
  const model = `&VEN_${vendor}&DEV_${device}`;
  const by = controller === undefined ? [''] : [`&CTLR_VEN_${controller}`, ''];
  return {
    hardwareIds: [
      `${group}${model}&SUBSYS_${subsystem}&REV_${revision}`,
      `${group}${model}&SUBSYS_${subsystem}`,
    ],
    compatibleIds: [`${model}&REV_${revision}`, model, `&VEN_${vendor}`, ''].flatMap((end) =>
      by.map((bus) => `${group}${bus}${end}`),
    ),
  };
}
