import type { Work } from './work';

/**
 * The same work without what was said of one plan: the name that a person typed to confirm it, the plan's own mark. It is
 * kept neither in a plan nor in a recipe.
 */
export function withoutConfirmation(work: Work): Work {
  switch (work.verb) {
    case 'diskPrepare':
      return { verb: 'diskPrepare', request: omit(work.request, 'confirmation') };
    case 'diskWipe':
      return { verb: 'diskWipe', request: omit(work.request, 'confirmation') };
    case 'apply':
      return { verb: 'apply', request: omit(work.request, 'confirmation') };
    // What was seen of one plan.
    case 'driversAdd':
      return { verb: 'driversAdd', request: omit(work.request, 'fingerprint') };
    case 'driversRemove':
      return { verb: 'driversRemove', request: omit(work.request, 'fingerprint') };
    default:
      return work;
  }
}

/** The same work with the name of the physical disk that it erases, as the person typed it. */
export function withConfirmation(work: Work, confirmation: string): Work {
  switch (work.verb) {
    case 'diskPrepare':
      return { verb: 'diskPrepare', request: { ...work.request, confirmation } };
    case 'diskWipe':
      return { verb: 'diskWipe', request: { ...work.request, confirmation } };
    case 'apply':
      return { verb: 'apply', request: { ...work.request, confirmation } };
    default:
      return work;
  }
}

function omit<R extends object>(request: R, name: 'confirmation' | 'fingerprint'): R {
  const rest = { ...request };
  Reflect.deleteProperty(rest, name);
  return rest;
}
