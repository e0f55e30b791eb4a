import { AppError, FormatError } from '../../src-shared/errors/appError';
import type { ErrorCode } from '../../src-shared/errors/codes';
import type { WorkAction } from './command';
import { UsageError } from './usageError';

/** An error with the advice that fits the command line it came from. */
class AdvisedError extends AppError {
  constructor(
    error: AppError,
    private readonly advice: string,
    code: ErrorCode = error.code,
    message = error.message,
  ) {
    super(code, message, error.facts, error.cause);
    this.name = error.name;
  }

  override get hint(): string {
    return this.advice;
  }
}

/** The error of a verb with a hint that knows the command line; the error itself where the usual hint fits. */
export function advised(error: AppError, action: WorkAction): AppError {
  if (error instanceof UsageError || error instanceof FormatError) return error;
  if (isDirectory(error) && isWim(error, action)) {
    const message = `${String(error.facts.path)} is a directory; a WIM file is expected there`;
    return new AdvisedError(error, 'Check the path.', 'io/exists', message);
  }
  const hint = hintFor(error, action);
  return hint === error.hint ? error : new AdvisedError(error, hint);
}

function hintFor(error: AppError, action: WorkAction): string {
  const usual = error.hint.replace('help VERB', `help ${action.verb}`).replace('the verb', action.verb);
  switch (error.code) {
    case 'io/not-found':
      return action.verb === 'append' && isWim(error, action)
        ? 'Append with --create makes the WIM when it does not exist; so does "capture".'
        : usual;
    case 'wim/no-such-path':
      return `${usual} Upper and lower case letters differ in paths.`;
    case 'wim/no-such-image':
      return swappedApply(action) ?? usual;
    default:
      return usual;
  }
}

/** ImageX's guides print "FILE PATH INDEX" too; the other grammar has one order. */
function swappedApply(action: WorkAction): string | undefined {
  if (action.verb !== 'apply') return undefined;
  const { wim, image, target } = action.request;
  if (typeof image !== 'string' || !/^\d+$/.test(target)) return undefined;
  return `The order is WIM IMAGE TARGET: wimsmith apply ${quoted(wim)} ${target} ${quoted(image)}`;
}

/** Whether a directory was opened as a file; the platform tells it in words where it looked before opening. */
function isDirectory({ code, facts, message }: AppError): boolean {
  return facts.system === 'EISDIR' || (code === 'io/failed' && message.endsWith(': it is a directory'));
}

function isWim(error: AppError, action: WorkAction): boolean {
  return 'wim' in action.request && isPath(error.facts.path, action.request.wim);
}

/** Whether a path in an error, which is absolute as a rule, is the one that was given. */
function isPath(fact: string | number | undefined, given: string): boolean {
  if (typeof fact !== 'string') return false;
  const tail = (path: string): string =>
    path
      .replaceAll('\\', '/')
      .replace(/^(\.{1,2}\/+)+/, '')
      .replace(/\/+$/, '');
  return tail(fact) === tail(given) || tail(fact).endsWith(`/${tail(given)}`);
}

function quoted(text: string): string {
  return /[\s"]/.test(text) ? `"${text}"` : text;
}
