import { expect, it } from 'vitest';
import { workOutcome, workSubject } from '../../../../src-renderer/stores/workNames';

it('names what work fills or makes when it has ended', () => {
  const wim = '/images/lab.wim';
  const applied = { verb: 'apply', request: { wim, target: '/mnt/new disk' } } as const;
  expect([workSubject(applied), workOutcome(applied)]).toEqual(['lab.wim', 'new disk']);
  const split = { verb: 'split', request: { wim, destination: '/usb/lab.swm', partSize: 1 } } as const;
  expect([workSubject(split), workOutcome(split)]).toEqual(['lab.wim', 'lab.swm']);
  const verified = { verb: 'verify', request: { wim } } as const;
  expect(workOutcome(verified)).toBe('lab.wim');
});
