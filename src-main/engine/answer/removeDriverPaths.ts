import { parseAnswerFile, type AnswerFile } from './answerFile';
import { applySplice } from './insertion';
import { writeLossless } from './losslessText';
import { namesPath, pathItems, type AnswerAddition } from './mergeDriverPaths';
import type { XmlElement } from './xmlScanner';

export interface CleanedAnswerFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Changes that were undone, wholly or in part. */
  readonly removed: readonly AnswerAddition[];
  readonly warnings: readonly string[];
}

/**
 * Undoes changes of {@link mergeDriverPaths}. What somebody changed since then stays, with a warning; the rest of the
 * file is as it was, byte for byte.
 * @param label what errors call the file
 * @throws FormatError `answer/malformed`
 */
export function removeDriverPaths(
  bytes: Uint8Array,
  label: string,
  added: readonly AnswerAddition[],
): CleanedAnswerFile {
  let file = parseAnswerFile(bytes, label);
  const removed: AnswerAddition[] = [];
  const warnings: string[] = [];
  for (const addition of added.toReversed()) {
    const outcome = undo(file, addition);
    if (outcome.warning !== undefined) warnings.push(`${label}: ${outcome.warning}`);
    if (outcome.text === undefined) continue;
    file = parseAnswerFile(writeLossless(file.lossless, outcome.text), label);
    removed.push(addition);
  }
  return { bytes: writeLossless(file.lossless, file.lossless.text), removed: removed.reverse(), warnings };
}

function undo(file: AnswerFile, addition: AnswerAddition): { text?: string; warning?: string } {
  const { pass, path } = addition;
  const items = pathItems(file, pass).filter((item) => namesPath(file, item, path));
  if (items.length === 0) return { warning: `${path} is not in pass ${pass} any more` };
  for (const item of items) {
    const whole = without(file, item, addition.text, addition.replaced);
    if (whole !== undefined) return { text: whole };
  }
  for (const item of items) {
    const part = withoutItem(file, item, addition.item);
    if (part !== undefined) {
      return {
        text: part,
        warning: `it was changed: ${path} is taken out of pass ${pass}, what is around it stays`,
      };
    }
  }
  return { warning: `${path} in pass ${pass} was changed and stays` };
}

/** The text without an addition that reaches over an item, whose line ends may have been converted. */
function without(file: AnswerFile, item: XmlElement, added: string, replaced: string): string | undefined {
  const { text } = file.lossless;
  for (const form of lineEndForms(added)) {
    const at = text.lastIndexOf(form, item.start);
    if (at < 0 || at + form.length < item.end) continue;
    return applySplice(text, { at, replaced: form, text: replaced });
  }
  return undefined;
}

function withoutItem(file: AnswerFile, item: XmlElement, added: string): string | undefined {
  const { text } = file.lossless;
  const found = text.slice(item.start, item.end);
  if (!lineEndForms(added).includes(found)) return undefined;
  let from = item.start;
  while (text[from - 1] === ' ' || text[from - 1] === '\t') from--;
  if (text[from - 1] === '\n') from -= text[from - 2] === '\r' ? 2 : 1;
  else from = item.start;
  return text.slice(0, from) + text.slice(item.end);
}

function lineEndForms(text: string): string[] {
  const plain = text.replaceAll('\r\n', '\n');
  return [...new Set([text, plain, plain.replaceAll('\n', '\r\n')])];
}
