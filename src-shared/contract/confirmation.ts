import type { Work } from './work';

/**
 * The same work without the name that a person typed to confirm it: that was said of one plan, and is kept neither in a
 * plan nor in a recipe.
 */
export function withoutConfirmation(work: Work): Work {
  switch (work.verb) {
    case 'diskPrepare':
      return { verb: 'diskPrepare', request: omitConfirmation(work.request) };
    case 'diskWipe':
      return { verb: 'diskWipe', request: omitConfirmation(work.request) };
    case 'apply':
      return { verb: 'apply', request: omitConfirmation(work.request) };
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

function omitConfirmation<R extends { readonly confirmation?: string }>(request: R): R {
  const rest = { ...request };
  Reflect.deleteProperty(rest, 'confirmation');
  return rest;
}
