import type { CaptureRequest, UpdateEdit, UpdateRequest } from '../../src-shared/model/requests';
import { decodeTextFile } from '../engine/tree/textLines';
import { parsePathList } from '../engine/tree/textLists';
import { parseUpdateCommands } from '../engine/tree/updateCommands';
import type { Action, PathGroup } from './command';
import type { CliEnvironment } from './environment';
import type { Run } from './runContext';

type CaptureAction = Extract<Action, { verb: 'capture' | 'append' }>;
type UpdateAction = Extract<Action, { verb: 'update' }>;

/** Reads the files that a capture line names. */
export async function loadCapture(
  action: CaptureAction,
  environment: CliEnvironment,
): Promise<CaptureRequest> {
  const { request, configFile } = action;
  return {
    ...request,
    ...(configFile === undefined ? {} : { config: await readText(configFile, environment) }),
    ...(action.sourceList === true ? { sourceList: await readText(request.source, environment) } : {}),
  };
}

/** Reads the commands of an update and gives each the defaults of the line. */
export async function loadUpdate(action: UpdateAction, run: Run): Promise<UpdateRequest> {
  const { request, configFile, wimbootConfig } = action;
  const edits: UpdateEdit[] = [];
  if (action.command !== undefined) {
    edits.push(...parseUpdateCommands(action.command, '--command'));
  } else if (wimbootConfig === undefined) {
    edits.push(...parseUpdateCommands(await readInput('commands', run), 'standard input'));
  }
  const completed = edits.map((edit) => withDefaults(edit, action));
  if (wimbootConfig !== undefined) {
    completed.push({ kind: 'add', source: wimbootConfig, target: '/Windows/System32/WimBootCompress.ini' });
  }
  return {
    ...request,
    edits: completed,
    ...(configFile === undefined ? {} : { config: await readText(configFile, run.environment) }),
  };
}

function withDefaults(edit: UpdateEdit, action: UpdateAction): UpdateEdit {
  if (edit.kind === 'add' && action.noReplace) return { ...edit, ...{ noReplace: true } };
  if (edit.kind !== 'delete') return edit;
  return {
    ...edit,
    ...(action.force ? { force: true } : {}),
    ...(action.recursive ? { recursive: true } : {}),
  };
}

/** Paths of one group of an extract line, and how they are to be taken. */
export interface ExtractPaths {
  readonly paths: readonly string[];
  /** Listed paths keep their directories. */
  readonly listed: boolean;
}

/** The paths of one group; a list is read now. */
export async function loadPaths(group: PathGroup, run: Run): Promise<ExtractPaths> {
  if (group.kind === 'paths') return { paths: group.paths, listed: false };
  const fromInput = group.file === '-';
  const content = fromInput ? await readInput('paths', run) : await run.environment.files.read(group.file);
  return { paths: parsePathList(content, fromInput ? 'standard input' : group.file), listed: true };
}

/** All of standard input. A person at a terminal is told what is expected, and can cancel. */
async function readInput(what: string, { environment, context, screen, common }: Run): Promise<Uint8Array> {
  if (environment.stdin.isTTY && !common.quiet) {
    screen.toError(`Reading ${what} from standard input, one on a line, to its end.\n`);
  }
  const { signal } = context;
  return new Promise((resolve, reject) => {
    const cancel = (): void => reject(signal.reason as Error);
    if (signal.aborted) cancel();
    signal.addEventListener('abort', cancel, { once: true });
    environment.stdin.readAll().then(resolve, reject);
  });
}

async function readText(path: string, environment: CliEnvironment): Promise<string> {
  return decodeTextFile(await environment.files.read(path), path);
}
