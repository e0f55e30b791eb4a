import type { Plan } from '../../../src-shared/contract/work';
import { formatBytes } from '../../i18n/format';
import type { Translate } from '../../i18n/translate';
import { baseName } from '../../stores/workNames';
import type { Wizard } from '../runtime/wizard';
import { ChoiceStep } from './ChoiceStep';
import { DevicesStep } from './DevicesStep';
import {
  choiceBlockers,
  choiceSummary,
  deviceBlockers,
  deviceSummary,
  packageBlockers,
  packageSummary,
  placeBlockers,
  placeSummary,
  windowsText,
} from './driversBlockers';
import { beginDrivers, DriversDraft, driversWork } from './driversDraft';
import { devicesChoice, useDriversFacts, type DriversFacts } from './driversFacts';
import { OptionsStep } from './OptionsStep';
import { PackagesStep } from './PackagesStep';
import { PlaceStep } from './PlaceStep';

/** What the packages go into: 'image 1 of lab.wim', or the folder's name. */
function placeName(draft: DriversDraft, { image }: DriversFacts, t: Translate): string {
  if (draft.placeKind === 'folder') return baseName(draft.folder);
  return image === undefined
    ? baseName(draft.wim)
    : t('drivers.imageOf', { index: image.index, wim: baseName(draft.wim) });
}

function hasTable({ wim }: DriversFacts): boolean {
  return wim.summary.value?.attributes.integrity === true;
}

function workOf(draft: DriversDraft, facts: DriversFacts): ReturnType<typeof driversWork> {
  const { match, packages, uses, devices } = facts;
  const taken = new Set(draft.takeIn);
  const faultyIn =
    packages.value?.some(
      ({ id, infSha256 }) => taken.has(infSha256) && uses.value?.get(id)?.goesIn === true,
    ) ?? false;
  const found = new Set(packages.value?.map(({ infSha256 }) => infSha256));
  return driversWork(draft, {
    image: facts.image?.index,
    checks: hasTable(facts),
    match: match.value,
    partly: match.value !== undefined && match.value.chosen.length < found.size,
    faultyIn,
    devices: devicesChoice(draft, devices),
  });
}

function sentences(draft: DriversDraft, facts: DriversFacts, plan: Plan, t: Translate): string[] {
  const { outcomes = {}, windows, method } = plan.drivers ?? {};
  const inside = (outcomes.staged ?? 0) + (outcomes.installed ?? 0) + (outcomes['registered for boot'] ?? 0);
  const out = (outcomes['left out'] ?? 0) + (outcomes.failed ?? 0);
  const { match } = facts;
  return [
    ...(draft.verifyIntegrity && hasTable(facts)
      ? [t('wizards.say.verifyFirst', { name: baseName(draft.wim) })]
      : []),
    t('drivers.say.goIn', {
      count: inside,
      size: formatBytes(match.value?.bytes ?? 0),
      place: placeName(draft, facts, t),
      windows: windows === undefined ? '' : windowsText(windows, t),
    }),
    ...(match.value?.list === undefined
      ? []
      : [
          t('drivers.say.serve', {
            served: match.value.served,
            count: match.value.devices,
            list: match.value.list.model ?? match.value.list.label,
          }),
        ]),
    ...(out > 0 ? [t('drivers.say.stayOut', { count: out })] : []),
    t(
      method === 'dism'
        ? 'drivers.say.dism'
        : windows?.installation === 'windows-pe'
          ? 'drivers.say.pe'
          : 'drivers.say.staged',
    ),
    ...(draft.setupComplete ? [t('drivers.say.setupComplete')] : []),
    ...(draft.registerForBoot ? [t('drivers.say.boot')] : []),
  ];
}

/** Driver packages go into an offline Windows: those that serve the devices of a PC, or all. */
export const driversWizard: Wizard<DriversDraft, DriversFacts> = {
  name: 'drivers',
  title: 'drivers.wizard.title',
  schema: DriversDraft,
  seeds: ['wim', 'image', 'folder', 'typed'],
  begin: beginDrivers,
  useFacts: useDriversFacts,
  subject: (draft) => (draft.placeKind === 'wim' ? draft.wim : draft.folder),
  steps: [
    {
      id: 'place',
      title: 'drivers.step.place',
      summary: placeSummary,
      blockers: placeBlockers,
      Component: PlaceStep,
    },
    {
      id: 'packages',
      title: 'drivers.step.packages',
      summary: packageSummary,
      blockers: packageBlockers,
      Component: PackagesStep,
    },
    {
      id: 'devices',
      title: 'drivers.step.devices',
      summary: deviceSummary,
      blockers: deviceBlockers,
      Component: DevicesStep,
    },
    {
      id: 'choice',
      title: 'drivers.step.choice',
      summary: choiceSummary,
      blockers: choiceBlockers,
      Component: ChoiceStep,
    },
    {
      id: 'options',
      title: 'wizards.step.options',
      summary: (draft, _facts, t) => (draft.setupComplete ? t('drivers.option.setupShort') : ''),
      blockers: () => [],
      Component: OptionsStep,
    },
  ],
  run: {
    work: workOf,
    label: (draft, facts, t) => t('drivers.run', { place: placeName(draft, facts, t) }),
    sentences,
  },
};
