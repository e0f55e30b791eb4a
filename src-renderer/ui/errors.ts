import { AppError } from '../../src-shared/errors/appError';
import { hasMessage, type Translate } from '../i18n/translate';

/** An error in words: what happened, and what to do about it. */
export interface ErrorWords {
  readonly message: string;
  readonly advice: string;
}

/** The host's message names paths and figures; what to do comes in the person's language. */
export function describeError(error: unknown, t: Translate): ErrorWords {
  if (!(error instanceof AppError)) {
    return { message: error instanceof Error ? error.message : String(error), advice: '' };
  }
  const key = `errors.${error.code}`;
  return {
    message: sentence(error.message),
    advice: hasMessage(key) ? t(key) : error.hint,
  };
}

/** Everything to hand to somebody who helps. */
export function errorDetails(error: unknown): string {
  if (!(error instanceof AppError))
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  const facts = Object.entries(error.facts).map(([name, value]) => `${name}: ${value}`);
  return [`${error.code}: ${error.message}`, ...facts].join('\n');
}

/** What the engine says in passing, as a sentence that stands alone. */
export function sentence(text: string): string {
  // A word begins a sentence with a capital letter; a file name or a path stays as it is.
  const word = /^[a-z][a-z'-]*(?=[\s,:;]|$)/.test(text);
  const first = word ? text.charAt(0).toUpperCase() + text.slice(1) : text;
  return /[.!?]$/.test(first) ? first : `${first}.`;
}
