import path from 'node:path';
import { z } from 'zod';
import { AppError } from '../../../src-shared/errors/appError';
import { defaultSettings, Settings } from '../../../src-shared/contract/app';
import { keepCopy, makeDirectories, readSmallFile, writeAtomically } from '../../platform/smallFiles';

/** A settings file longer than this is none. */
const LIMIT = 8 << 20;

/** What a settings file holds. */
export interface StoredSettings {
  readonly settings: Settings;
  /** Fields of the file that this version does not know: another version's, which stay in the file. */
  readonly others: Readonly<Record<string, unknown>>;
  /** Why parts of the file were not taken; empty when all were. */
  readonly faults: readonly string[];
}

type FieldName = keyof Settings;
const fieldNames = Object.keys(Settings.shape) as FieldName[];
const JsonObject = z.record(z.string(), z.unknown());

/** Reads settings from JSON, field by field: what is damaged or missing falls back to its default. */
export function parseSettings(text: string): StoredSettings {
  const whole = JsonObject.safeParse(jsonOf(text));
  if (!whole.success) return { settings: defaultSettings, others: {}, faults: ['it is not a JSON object'] };
  const faults: string[] = [];
  const found: Record<string, unknown> = { ...defaultSettings };
  const others = new Map(Object.entries(whole.data));
  for (const name of fieldNames) {
    const given = others.get(name);
    others.delete(name);
    if (given === undefined) continue;
    const field = Settings.shape[name].safeParse(given);
    if (field.success) found[name] = field.data;
    else faults.push(`${name}: ${field.error.issues[0]?.message ?? 'it is not as it must be'}`);
  }
  return { settings: Settings.parse(found), others: Object.fromEntries(others), faults };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * Reads a settings file. One that is damaged is copied aside (settings.json.damaged) and written anew, so that nothing
 * that a person wrote is lost.
 * @param warn told what could not be taken
 */
export async function readSettings(file: string, warn: (text: string) => void): Promise<StoredSettings> {
  try {
    const bytes = await readSmallFile(file, LIMIT);
    if (bytes === undefined) return { settings: defaultSettings, others: {}, faults: [] };
    const stored = parseSettings(bytes.toString('utf8'));
    if (stored.faults.length > 0) await mend(file, stored, warn);
    return stored;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    warn(`${error.message}; the default settings hold`);
    return { settings: defaultSettings, others: {}, faults: [error.message] };
  }
}

async function mend(file: string, stored: StoredSettings, warn: (text: string) => void): Promise<void> {
  const damage = `${file} is damaged (${stored.faults.join('; ')})`;
  try {
    const copy = await keepCopy(file, 'damaged');
    warn(`${damage}; it was copied to ${copy}`);
    await writeSettings(file, path.dirname(file), stored);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    warn(`${damage}; ${error.message}`);
  }
}

/** Writes a settings file in one step. @throws AppError usage/invalid when it would be longer than can be read */
export async function writeSettings(file: string, directory: string, stored: StoredSettings): Promise<void> {
  const text = `${JSON.stringify({ ...stored.others, ...stored.settings }, null, 2)}\n`;
  if (Buffer.byteLength(text) > LIMIT) {
    throw new AppError(
      'usage/invalid',
      `the settings would have more than ${LIMIT} bytes: shorten the lists`,
    );
  }
  await makeDirectories(directory);
  await writeAtomically(file, text, { overwrite: true, mode: 0o600 });
}
