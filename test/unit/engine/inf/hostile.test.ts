import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { installFor } from '../../../../src-main/engine/inf/installSections';
import { namedFiles } from '../../../../src-main/engine/inf/namedFiles';
import { parseInf } from '../../../../src-main/engine/inf/parseInf';
import { summarizeInf } from '../../../../src-main/engine/inf/summarizeInf';
import type { WindowsTarget } from '../../../../src-shared/model/drivers';
import { infBytes } from '../../../support/infs';

// Whatever of these took more than linear time would not end within the time that a test has.

const header = '[Version]\nSignature="$Windows NT$"\nProvider=p\nDriverVer=01/01/2024,1.0\n';
const oneModel = '[Manufacturer]\nm=M,NTamd64\n[M.NTamd64]\nd=i0,HW\\1\n';
const crypto = { digest: (_: string, bytes: Uint8Array) => createHash('sha256').update(bytes).digest() };
const target: WindowsTarget = {
  label: 'test',
  major: 10,
  minor: 0,
  build: 26100,
  architecture: 'amd64',
  productType: 'workstation',
};

function times(count: number, piece: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => piece(i)).join('');
}

/** Everything that is ever asked of an INF. */
function readAll(text: string): { problems: string[]; services: number; files: number } {
  const bytes = infBytes(header + text);
  const inf = parseInf(bytes, 'hostile.inf');
  const files = namedFiles(inf).length;
  const summary = summarizeInf(inf, bytes, 'hostile.inf', crypto);
  const install = installFor(inf, 'i0', target);
  const problems = [...summary.remarks, ...(install?.remarks ?? [])].map(({ problem }) => problem);
  return { problems, services: summary.services.length, files };
}

const million = 1_000_000;

it.each<[string, () => string, string | undefined]>([
  ['a section of 10 MB', () => `[DefaultInstall]\n${'HKR,,x,,1\n'.repeat(million)}`, undefined],
  [
    'a line of a million values',
    () => `[Manufacturer]\nm=${'a,'.repeat(million)}\n`,
    'a is no decoration of a models section',
  ],
  ['an entry over a million lines', () => `[Manufacturer]\nm=${'a\\\n'.repeat(million)}b\n`, undefined],
  ['a million backslashes', () => `[Manufacturer]\nm=${'\\ '.repeat(million)}x\n`, undefined],
  [
    'a million quotation marks',
    () => `[Manufacturer]\nm=${'"a"""'.repeat(million / 2)}"\n`,
    'a quotation mark is not closed',
  ],
  [
    'a million percent signs',
    () => `[Manufacturer]\nm=${'% '.repeat(million)}\n`,
    'no [Strings] section defines % %',
  ],
  [
    'texts that multiply',
    () => `${oneModel}${'%a%%a%=i,%a%%b%\n'.repeat(200_000)}[Strings]\na=${'x'.repeat(4000)}\nb=%a%%b%\n`,
    'its texts repeat too often: from here on they are not filled in',
  ],
  [
    'a chain of needs',
    () =>
      `${oneModel}${times(50_000, (i) => `d=i${i},h\n`)}${times(50_000, (i) => `[i${i}]\nNeeds=i${i + 1}\n`)}`,
    '[i0] needs more than 128 sections',
  ],
  ['needs in a circle', () => `${oneModel}[i0]\nNeeds=a,b\n[a]\nNeeds=b,i0\n[b]\nNeeds=a,b\n`, undefined],
  [
    'many lines of manufacturers for one section',
    () =>
      `[Manufacturer]\n${times(100_000, (i) => `m${i}=M,NTamd64,NTx86\n`)}[M.NTamd64]\n${'d=i0,h\n'.repeat(100_000)}`,
    'it has more than 1000000 lines of models; the rest is left out',
  ],
  [
    'one list of files copied again and again',
    () => `${oneModel}[i0]\n${'CopyFiles=l,l,l\n'.repeat(100_000)}[l]\n${times(100_000, (i) => `f${i}\n`)}`,
    'it has more faults than are listed',
  ],
  [
    'one service section for many services',
    () =>
      `${oneModel}[i0.Services]\n${times(100_000, (i) => `AddService=s${i},2,s\n`)}[s]\nServiceBinary=x\n${'StartType=0\n'.repeat(100_000)}`,
    undefined,
  ],
  ['a million open brackets', () => '[a\n'.repeat(million), 'the section name a has no closing bracket'],
  ['a name of many decorations', () => `[a${'.nt'.repeat(million)}]\n`, undefined],
])('%s is read', (_, make, problem) => {
  const { problems } = readAll(make());
  if (problem !== undefined) expect(problems).toContain(problem);
  expect(problems.length).toBeLessThan(700);
});

it('all of many services are found', () => {
  const text = `${oneModel}[i0]\n[i0.Services]\n${times(1000, (i) => `AddService=s${i},2,s\n`)}[s]\nServiceBinary=x\nStartType=0\n`;
  expect(readAll(text)).toEqual({ problems: [], services: 1000, files: 0 });
});

it('more entries than any INF has are refused', () => {
  expect(() => parseInf(infBytes(`${header}[a]\n${'a\n'.repeat(3 * million)}`), 'x')).toThrow(
    /more than 3000000 entries/,
  );
});
