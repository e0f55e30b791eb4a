import { describe, expect, it } from 'vitest';
import { readDeviceList } from '../../../../../src-main/engine/devices/readDeviceList';
import { createWindowsPnp } from '../../../../../src-main/platform/devices/pnp/windows/windowsPnp';
import { refusal } from '../../../../support/refusal';
import { expected, pnpDeviceJson, pnputilEnglish } from '../../../engine/devices/recordedLists';

const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text));

describe("this PC's devices on Windows, from recorded output", () => {
  it('are those of PowerShell', () => {
    const calls: string[] = [];
    const pnp = createWindowsPnp(readDeviceList, (program) => {
      calls.push(program);
      return bytes(pnpDeviceJson);
    });
    expect(pnp.list()).toMatchObject({
      label: 'this PC',
      devices: [{ hardwareIds: expected.nic.hardware }, {}],
    });
    expect(calls).toEqual(['WindowsPowerShell\\v1.0\\powershell.exe']);
  });

  it('are those of pnputil where there is no PowerShell, with the options that it knows', () => {
    const calls: (readonly string[])[] = [];
    const pnp = createWindowsPnp(readDeviceList, (program, args) => {
      calls.push(args);
      return program === 'pnputil.exe' && !args.includes('/deviceids') ? bytes(pnputilEnglish) : undefined;
    });
    expect(pnp.list().devices).toHaveLength(2);
    expect(calls.slice(1)).toEqual([
      ['/enum-devices', '/connected', '/deviceids'],
      ['/enum-devices', '/connected'],
    ]);
  });

  it('or it is said that nothing lists them', () => {
    const pnp = createWindowsPnp(readDeviceList, () => undefined);
    expect(refusal(() => pnp.list()).code).toBe('io/failed');
  });
});
