import { AppError, CancelledError } from '../../src-shared/errors/appError';
import { advised } from './advice';
import { commandText } from './commandText';
import type { CommonChoices, ParsedCommandLine, WorkAction } from './command';
import { type CliEnvironment, OutputClosedError } from './environment';
import { exitCodes } from './exitCodes';
import { defaultChoices, wantsJson } from './grammar/common';
import { parseCommandLine } from './grammar/commandLine';
import { JsonDocument } from './jsonDocument';
import { Screen } from './screen';
import { UsageError } from './usageError';
import type { VerbContext } from './verbs';

/**
 * Runs one command line to its end.
 * @param args without the program's name
 * @returns the exit code; see exitCodes
 */
export async function runCli(args: readonly string[], environment: CliEnvironment): Promise<number> {
  let parsed: ParsedCommandLine;
  try {
    parsed = parseCommandLine(args, environment.platform);
  } catch (error) {
    // The line was not understood, yet a script that asked for a document gets one.
    const common: CommonChoices = { ...defaultChoices, json: wantsJson(args) };
    const verb = error instanceof UsageError ? error.verb : null;
    return fail(error, verb, common, environment);
  }
  const { action, common, refusals } = parsed;
  if (refusals.length > 0) {
    // A line to mount has no verb of ours.
    const verb = action.verb === 'help' ? null : action.verb;
    return fail(new AppError('wim/unsupported', refusals.join('; ')), verb, common, environment, args);
  }
  if (action.verb === 'version') {
    return printText('version', `wimsmith ${environment.version}\n`, common, environment);
  }
  if (action.verb === 'help') return printHelp(action.topic, common, environment);
  return work(action, parsed, args, environment);
}

async function printHelp(
  topic: string | null,
  common: CommonChoices,
  environment: CliEnvironment,
): Promise<number> {
  const { helpPage } = await import('./help/pages');
  let page: string;
  try {
    page = helpPage(topic, environment.version);
  } catch (error) {
    return fail(error, 'help', common, environment);
  }
  return printText('help', page, common, environment);
}

/** Text as it is, or as the result of a document. */
async function printText(
  verb: 'help' | 'version',
  text: string,
  { json }: CommonChoices,
  { stdout }: CliEnvironment,
): Promise<number> {
  try {
    await stdout.write(json ? `${JSON.stringify({ verb, result: { text }, ok: true })}\n` : text);
    return exitCodes.done;
  } catch (error) {
    if (error instanceof OutputClosedError) return exitCodes.outputClosed;
    throw error;
  }
}

async function work(
  action: WorkAction,
  parsed: ParsedCommandLine,
  args: readonly string[],
  environment: CliEnvironment,
): Promise<number> {
  const { common } = parsed;
  const dataToOutput = usesOutput(action);
  const screen = new Screen(environment, common, dataToOutput);
  const json = common.json ? document(action.verb, screen, dataToOutput) : undefined;
  const interrupt = listenToInterrupts(environment);
  let fault: unknown;
  try {
    const context = contextOf(environment, screen, json, interrupt.signal);
    // Before the work: a log that cannot be written is found out now.
    await screen.beginLog(commandText(args));
    for (const note of parsed.notes) context.onWarning(note);
    if (common.lowPriority) environment.lowerPriority();
    const [verbs, { runAction }] = await Promise.all([environment.verbs(), import('./run')]);
    fault = await runAction(action, { verbs, context, common, environment, screen, json });
  } catch (error) {
    fault = error instanceof OutputClosedError ? error : advised(asAppError(error), action);
  }
  interrupt.end();
  return conclude(fault, common, screen, json);
}

/** Prints the error, if there is one, and ends the output. */
async function conclude(
  fault: unknown,
  common: CommonChoices,
  screen: Screen,
  json: JsonDocument | undefined,
): Promise<number> {
  screen.endProgress();
  if (fault instanceof OutputClosedError) return exitCodes.outputClosed;
  let error = fault === undefined ? undefined : asAppError(fault);
  try {
    if (json !== undefined) {
      await json.end(error);
      await screen.flush();
    } else {
      await screen.flush();
      if (error !== undefined) screen.error(errorText(error, common.verbose));
    }
    if (error !== undefined) screen.note(`Error: ${error.message}`);
    await screen.finish();
  } catch (failure) {
    if (failure instanceof OutputClosedError) return exitCodes.outputClosed;
    // The work is done or has failed already; what failed now is the output or the log.
    const late = asAppError(failure);
    screen.error(errorText(late, common.verbose));
    error ??= late;
  }
  return error === undefined ? exitCodes.done : error.exitCode;
}

/** An error before any work began. */
async function fail(
  error: unknown,
  verb: string | null,
  common: CommonChoices,
  environment: CliEnvironment,
  args?: readonly string[],
): Promise<number> {
  const screen = new Screen(environment, common, false);
  if (args !== undefined) screen.note(commandText(args));
  return conclude(error, common, screen, common.json ? document(verb, screen, false) : undefined);
}

function document(verb: string | null, screen: Screen, dataToOutput: boolean): JsonDocument {
  return new JsonDocument(verb, screen, (text) => {
    if (!dataToOutput) return screen.print(text);
    screen.toError(text);
    return Promise.resolve();
  });
}

/** Whether standard output carries bytes of a WIM or of files. */
function usesOutput(action: WorkAction): boolean {
  switch (action.verb) {
    case 'capture':
    case 'append':
      return action.request.wim === '-';
    case 'export':
      return action.request.destination === '-';
    case 'extract':
      return action.request.toStdout === true;
    default:
      return false;
  }
}

function contextOf(
  environment: CliEnvironment,
  screen: Screen,
  json: JsonDocument | undefined,
  signal: AbortSignal,
): VerbContext {
  const told = new Set<string>();
  return {
    signal,
    onProgress: (progress) => screen.progress(progress),
    // A report may repeat what was said while the verb ran.
    onWarning: (text) => {
      if (told.has(text)) return;
      told.add(text);
      if (json === undefined) screen.warn(text);
      else {
        json.warn(text);
        screen.note(`Warning: ${text}`);
      }
    },
    stdout: environment.stdout,
    stdin: environment.stdin.chunks,
  };
}

interface Interrupts {
  readonly signal: AbortSignal;
  end(): void;
}

/**
 * The first request to stop cancels, so that the verb can clean up; the second ends the program. One that comes when
 * the verb is done changes nothing: the program is about to end, and its exit code tells what the verb did.
 */
function listenToInterrupts(environment: CliEnvironment): Interrupts {
  const controller = new AbortController();
  let done = false;
  environment.onInterrupt(() => {
    if (done) return;
    if (controller.signal.aborted) environment.exitNow(exitCodes.cancelled);
    else controller.abort(new CancelledError());
  });
  const end = (): void => {
    done = true;
  };
  return { signal: controller.signal, end };
}

function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new AppError('internal/bug', message, {}, error);
}

/** "wimsmith: what happened" and below it what to do. */
function errorText(error: AppError, verbose: boolean): string {
  const hint = error.hint === '' ? '' : `  ${error.hint}\n`;
  const { cause } = error;
  const showStack = (verbose || error.code === 'internal/bug') && cause instanceof Error;
  return `wimsmith: ${error.message}\n${hint}${showStack ? `${cause.stack ?? cause.message}\n` : ''}`;
}
