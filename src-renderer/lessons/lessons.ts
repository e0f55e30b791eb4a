import { lessonNames, type LessonName, type PracticeStatus } from '../../src-shared/contract/practice';
import type { Work } from '../../src-shared/contract/work';
import type { MessageKey } from '../i18n/catalogue';
import type { Route } from '../stores/route';

/** A step of a lesson: what to do, why, and the control that it is about. */
export interface LessonStep {
  readonly text: MessageKey;
  readonly why: MessageKey;
  /** Values of data-lesson, the first one in sight is marked. */
  readonly targets: readonly string[];
  /** Where the control is. */
  readonly place?: Route;
  /** A path to copy, because the text names it. */
  readonly path?: string;
  /** The step is the check of the result. */
  readonly check?: boolean;
}

/** A lesson on the practice bench. */
export interface Lesson {
  readonly name: LessonName;
  readonly steps: readonly LessonStep[];
  /** The same job as data, for its command lines. */
  readonly work: Work;
}

type StepRest = Omit<LessonStep, 'text' | 'why'>;

/** Names of a lesson's steps: each has a text and a reason in the catalogue. */
type StepName<Name extends LessonName> =
  Extract<MessageKey, `practice.${Name}.${string}.why`> extends infer Key
    ? Key extends `practice.${Name}.${infer Step}.why`
      ? Step
      : never
    : never;

/** All lessons, with the paths of the bench at hand. */
export function lessonsOf(bench: PracticeStatus): readonly Lesson[] {
  const { wim, reference, changedReference, target, disk, newPc } = bench;
  const { drivers, deviceList, driversWim } = bench;
  const wizard = (name: string, step?: string): Route => ({
    view: 'wizard',
    params: { name, ...(step === undefined ? {} : { step }) },
  });
  const image: Route = { view: 'image', params: { wim, image: '1' } };
  const run = (name: string): StepRest => ({
    targets: ['wizard.run', 'wizard.progress', 'wizard.next'],
    place: wizard(name, 'review'),
  });
  return [
    {
      name: 'capture',
      steps: [
        step('capture', 'open', {
          targets: ['images.capture', 'rail.images'],
          place: { view: 'images', params: {} },
        }),
        step('capture', 'source', {
          targets: ['source.path'],
          place: wizard('capture', 'source'),
          path: reference,
        }),
        step('capture', 'exclusions', {
          targets: ['exclusions.list'],
          place: wizard('capture', 'exclusions'),
        }),
        step('capture', 'compression', {
          targets: ['compression.choice'],
          place: wizard('capture', 'compression'),
        }),
        step('capture', 'name', { targets: ['place.name'], place: wizard('capture', 'place') }),
        step('capture', 'wim', { targets: ['place.wim'], place: wizard('capture', 'place'), path: wim }),
        step('capture', 'review', { targets: ['wizard.lines'], place: wizard('capture', 'review') }),
        step('capture', 'run', run('capture')),
        step('capture', 'check', { targets: ['coach.check'], check: true }),
      ],
      work: {
        verb: 'capture',
        request: {
          source: reference,
          wim,
          name: 'Lab PC',
          compression: { format: 'xpress' },
          integrity: true,
        },
      },
    },
    {
      name: 'append',
      steps: [
        step('append', 'open', {
          targets: ['images.append', 'image.append', 'wim.path'],
          place: wizard('append'),
        }),
        step('append', 'wim', { targets: ['wim.path'], place: wizard('append'), path: wim }),
        step('append', 'source', {
          targets: ['source.path'],
          place: wizard('append', 'source'),
          path: changedReference,
        }),
        step('append', 'run', run('append')),
        step('append', 'result', { targets: ['wizard.result'] }),
        step('append', 'check', { targets: ['coach.check'], check: true }),
      ],
      work: {
        verb: 'append',
        request: { source: changedReference, wim, name: 'Lab PC with Office' },
      },
    },
    {
      name: 'info',
      steps: [
        step('info', 'open', {
          targets: ['images.table', 'image.images'],
          place: { view: 'images', params: {} },
        }),
        step('info', 'select', { targets: ['image.images'], place: image }),
        step('info', 'edit', { targets: ['image.description'], place: image }),
        step('info', 'commit', { targets: ['image.saveProperties'], place: image }),
        step('info', 'check', { targets: ['coach.check'], check: true }),
      ],
      work: {
        verb: 'info',
        request: {
          wim,
          image: 1,
          newDescription: 'Reference PC of the lab',
          properties: [['FLAGS', 'Professional']],
        },
      },
    },
    {
      name: 'apply',
      steps: [
        step('apply', 'open', {
          targets: ['images.apply', 'image.apply', 'wim.path'],
          place: wizard('apply'),
        }),
        step('apply', 'image', { targets: ['wim.path', 'wim.images'], place: wizard('apply'), path: wim }),
        step('apply', 'target', {
          targets: ['target.path'],
          place: wizard('apply', 'target'),
          path: target,
        }),
        step('apply', 'run', run('apply')),
        step('apply', 'check', { targets: ['coach.check'], check: true }),
      ],
      work: { verb: 'apply', request: { wim, image: 2, target } },
    },
    {
      name: 'prepare',
      steps: [
        step('prepare', 'open', {
          targets: ['disks.prepare', 'disk.target'],
          place: { view: 'disks', params: {} },
        }),
        step('prepare', 'target', { targets: ['disk.target'], place: wizard('prepare', 'disk') }),
        step('prepare', 'file', {
          targets: ['disk.file', 'disk.target'],
          place: wizard('prepare', 'disk'),
          path: disk,
        }),
        step('prepare', 'layout', { targets: ['layout.bar'], place: wizard('prepare', 'layout') }),
        step('prepare', 'erased', {
          targets: ['wizard.confirm', 'wizard.lines'],
          place: wizard('prepare', 'review'),
        }),
        step('prepare', 'run', run('prepare')),
        step('prepare', 'check', { targets: ['coach.check'], check: true }),
      ],
      work: { verb: 'diskPrepare', request: { disk, layout: 'uefi', overwrite: true } },
    },
    {
      name: 'newPc',
      steps: [
        step('newPc', 'image', {
          targets: ['wim.path', 'wim.images'],
          place: wizard('apply', 'image'),
          path: wim,
        }),
        step('newPc', 'target', { targets: ['target.kind'], place: wizard('apply', 'target') }),
        step('newPc', 'file', {
          targets: ['disk.newFile', 'target.kind'],
          place: wizard('apply', 'target'),
          path: newPc,
        }),
        step('newPc', 'size', { targets: ['disk.size', 'target.kind'], place: wizard('apply', 'target') }),
        step('newPc', 'run', run('apply')),
        step('newPc', 'check', { targets: ['coach.check'], check: true }),
      ],
      work: {
        verb: 'apply',
        request: {
          wim,
          image: 2,
          target: newPc,
          prepare: { layout: 'uefi', size: 4 * 2 ** 30, format: 'vhdx' },
        },
      },
    },
    {
      name: 'drivers',
      steps: [
        step('drivers', 'open', {
          targets: ['drivers.inject', 'drivers.place'],
          place: { view: 'drivers', params: {} },
        }),
        step('drivers', 'image', {
          targets: ['wim.path'],
          place: wizard('drivers', 'place'),
          path: driversWim,
        }),
        step('drivers', 'packages', {
          targets: ['drivers.path'],
          place: wizard('drivers', 'packages'),
          path: drivers,
        }),
        step('drivers', 'faults', {
          targets: ['drivers.packages'],
          place: wizard('drivers', 'packages'),
        }),
        step('drivers', 'devices', {
          targets: ['drivers.list', 'drivers.devices'],
          place: wizard('drivers', 'devices'),
          path: deviceList,
        }),
        step('drivers', 'match', {
          targets: ['drivers.matched', 'drivers.packages'],
          place: wizard('drivers', 'choice'),
        }),
        step('drivers', 'decide', {
          targets: ['drivers.packages', 'tab.faulty'],
          place: wizard('drivers', 'choice'),
        }),
        step('drivers', 'run', run('drivers')),
        step('drivers', 'check', { targets: ['coach.check'], check: true }),
      ],
      work: {
        verb: 'driversAdd',
        request: {
          path: driversWim,
          image: 1,
          drivers: [drivers],
          devices: { kind: 'file', path: deviceList },
          forceFaulty: true,
        },
      },
    },
  ];
}

/** The lesson after one; undefined after the last. */
export function lessonAfter(name: LessonName): LessonName | undefined {
  return lessonNames.at(lessonNames.indexOf(name) + 1);
}

function step<Name extends LessonName>(lesson: Name, name: StepName<Name>, rest: StepRest): LessonStep {
  return {
    text: `practice.${lesson}.${name}` as MessageKey,
    why: `practice.${lesson}.${name}.why` as MessageKey,
    ...rest,
  };
}
