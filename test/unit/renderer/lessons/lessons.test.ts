import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { lessonNames, type PracticeStatus } from '../../../../src-shared/contract/practice';
import { english } from '../../../../src-renderer/i18n/catalogue';
import { lessonsOf } from '../../../../src-renderer/lessons/lessons';
import { Work } from '../../../../src-shared/contract/work';

const renderer = path.resolve(__dirname, '../../../../src-renderer');

const bench: PracticeStatus = {
  folder: '/bench',
  made: true,
  reference: '/bench/Reference PC',
  changedReference: '/bench/Reference PC with Office',
  target: '/bench/Target',
  wim: '/bench/lab.wim',
  disk: '/bench/Practice disk.vhdx',
  newPc: '/bench/New PC.vhdx',
  drivers: '/bench/Drivers',
  deviceList: '/bench/Drivers/Devices of the practice PC.txt',
  driversWim: '/bench/drivers.wim',
  files: 1,
  bytes: 1,
  done: [],
};

/** What marks a control in the page's sources; a template's values stand for any name. */
function marks(): RegExp[] {
  const sources = readdirSync(renderer, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.tsx'))
    .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'utf8'));
  return sources.flatMap((source) =>
    [...source.matchAll(/lesson=(?:"([^"]+)"|\{`([^`]+)`\})/g)].map(([, plain, template]) => {
      const name = plain ?? template;
      const parts = name.split(/\$\{[^}]*\}/).map((part) => part.replaceAll('.', '\\.'));
      return new RegExp(`^${parts.join('.+')}$`);
    }),
  );
}

describe('lessons', () => {
  const lessons = lessonsOf(bench);

  it('are those of the contract, in its order', () => {
    expect(lessons.map(({ name }) => name)).toEqual([...lessonNames]);
  });

  it('mark controls that the page has', () => {
    const known = marks();
    const lost = lessons.flatMap(({ name, steps }) =>
      steps.flatMap(({ targets }) =>
        targets
          .filter((target) => !known.some((mark) => mark.test(target)))
          .map((target) => `${name}: ${target}`),
      ),
    );
    expect(known.length).toBeGreaterThan(20);
    expect(lost).toEqual([]);
  });

  it('have words for each step, and end with the check of the result', () => {
    for (const { steps } of lessons) {
      expect(steps.at(-1)?.check).toBe(true);
      for (const { text, why } of steps) {
        expect(Object.hasOwn(english, text), text).toBe(true);
        expect(Object.hasOwn(english, why), why).toBe(true);
      }
    }
  });

  it('are work that the host takes', () => {
    for (const { work } of lessons) expect(Work.parse(work)).toEqual(work);
  });
});
