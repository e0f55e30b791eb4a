import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseSettings } from '../../../../src-main/app/settings/settingsFile';
import { createSettingsService } from '../../../../src-main/app/settings/settingsService';
import { defaultSettings, Settings } from '../../../../src-shared/contract/app';
import { temporaryDirectory } from '../../../support/tools';

async function serviceIn(directory: string) {
  const told: Settings[] = [];
  const warnings: string[] = [];
  const service = await createSettingsService({
    directory,
    emit: (settings) => told.push(settings),
    warn: (text) => warnings.push(text),
  });
  onTestFinished(() => service.close());
  return { service, told, warnings, change: service.handlers.changeSettings };
}

const onDisk = (directory: string): unknown =>
  JSON.parse(readFileSync(path.join(directory, 'settings.json'), 'utf8'));

describe('settings', () => {
  it('are the defaults until someone changes them, and last', async () => {
    const directory = path.join(temporaryDirectory(), 'not made yet');
    const { service, told, change } = await serviceIn(directory);
    expect(service.current).toEqual(defaultSettings);
    expect(await change({ theme: 'dark', textSize: 130 })).toEqual({
      ...defaultSettings,
      theme: 'dark',
      textSize: 130,
    });
    expect(told).toEqual([{ ...defaultSettings, theme: 'dark', textSize: 130 }]);
    expect((await serviceIn(directory)).service.current).toMatchObject({ theme: 'dark', textSize: 130 });
    expect(readdirSync(directory)).toEqual(['settings.json']);
  });

  it('that are changed many times at once are all kept, and listeners are told', async () => {
    const directory = temporaryDirectory();
    const { service, change } = await serviceIn(directory);
    const heard: number[] = [];
    const end = service.onChange((settings) => heard.push(settings.threads));
    const changes = Array.from({ length: 40 }, (_, i) => change({ threads: i + 1 }));
    await Promise.all([...changes, change({ theme: 'contrast' })]);
    end();
    await change({ threads: 64 });
    expect(onDisk(directory)).toMatchObject({ threads: 64, theme: 'contrast' });
    expect(heard).toEqual(Array.from({ length: 40 }, (_, i) => i + 1).concat(40));
  });

  it('of two instances go together field by field', async () => {
    const directory = temporaryDirectory();
    const one = await serviceIn(directory);
    const two = await serviceIn(directory);
    await one.change({ theme: 'dark' });
    expect(await two.change({ language: 'de' })).toMatchObject({ theme: 'dark', language: 'de' });
    expect(two.told.at(-1)).toMatchObject({ theme: 'dark', language: 'de' });
    expect(onDisk(directory)).toMatchObject({ theme: 'dark', language: 'de' });
  });

  it('keep what a newer version wrote, and take the rest of a damaged file', async () => {
    const directory = temporaryDirectory();
    const text = JSON.stringify({ theme: 'light', threads: -4, textSize: 101, future: { a: 1 } });
    writeFileSync(path.join(directory, 'settings.json'), text);
    const { service, warnings, change } = await serviceIn(directory);
    expect(service.current).toEqual({ ...defaultSettings, theme: 'light' });
    expect(warnings.join()).toMatch(/settings\.json is damaged .*threads.*textSize.*settings\.json\.damaged/);
    expect(readFileSync(path.join(directory, 'settings.json.damaged'), 'utf8')).toBe(text);
    await change({ integrity: false });
    expect(onDisk(directory)).toMatchObject({
      theme: 'light',
      threads: 0,
      integrity: false,
      future: { a: 1 },
    });
    expect((await serviceIn(directory)).warnings).toEqual([]);
  });

  it.each(['', '{', 'null', '[]', '"x"', '\0'])('fall back to the defaults for %j', async (text) => {
    const directory = temporaryDirectory();
    writeFileSync(path.join(directory, 'settings.json'), text);
    writeFileSync(path.join(directory, 'settings.json.damaged'), 'an older one');
    const { service, warnings } = await serviceIn(directory);
    expect(service.current).toEqual(defaultSettings);
    expect(warnings).toHaveLength(1);
    expect(readFileSync(path.join(directory, 'settings.json.damaged'), 'utf8')).toBe('an older one');
    expect(readFileSync(path.join(directory, 'settings.json.damaged-2'), 'utf8')).toBe(text);
  });

  it('hold while the program runs when they cannot be written, and are written when they can', async () => {
    const directory = path.join(temporaryDirectory(), 'data');
    writeFileSync(directory, 'a file has the name');
    const { service, change } = await serviceIn(directory);
    await expect(change({ theme: 'dark' })).rejects.toMatchObject({ code: expect.stringMatching(/^io\//) });
    expect(service.current.theme).toBe('dark');
    rmSync(directory);
    mkdirSync(directory);
    await change({ threads: 2 });
    expect(onDisk(directory)).toMatchObject({ theme: 'dark', threads: 2 });
  });
});

describe('a settings file', () => {
  it('gives settings whatever is in it', () => {
    const field = fc.constantFrom(...Object.keys(defaultSettings), '__proto__', 'other');
    fc.assert(
      fc.property(fc.dictionary(field, fc.jsonValue()), (values) => {
        const { settings, faults } = parseSettings(JSON.stringify(values));
        expect(Settings.parse(settings)).toEqual(settings);
        for (const [name, value] of Object.entries(Settings.shape)) {
          const given = Object.hasOwn(values, name) ? values[name] : undefined;
          const good = given === undefined || value.safeParse(given).success;
          expect(faults.some((fault) => fault.startsWith(`${name}:`))).toBe(!good);
        }
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => Settings.safeParse(parseSettings(text).settings).success));
  });
});
