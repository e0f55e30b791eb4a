import type { Action, CommonChoices, ParsedCommandLine, WorkAction } from '../command';
import { defaultChoices } from './common';

/** What is said instead of mounting. */
export const mountRefusal =
  'images are not mounted; "extract" reads files out of an image and "update" changes them in place';

/** The action with --dry-run in its request. Readers have nothing to try. */
export function withDryRun<A extends WorkAction>(action: A, dryRun: boolean): A {
  if (!dryRun || action.verb === 'dir' || action.verb === 'verify') return action;
  if (action.verb === 'disk' && (action.task === 'list' || action.task === 'info')) return action;
  if (action.verb === 'drivers' && !['add', 'export', 'remove', 'collect'].includes(action.task))
    return action;
  return { ...action, request: { ...action.request, dryRun: true } };
}

/** A command line that does no work. */
export function plain(
  action: Action,
  refusals: readonly string[] = [],
  common: CommonChoices = defaultChoices,
): ParsedCommandLine {
  return { action, common, notes: [], refusals };
}
