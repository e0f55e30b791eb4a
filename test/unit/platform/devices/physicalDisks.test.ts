import { describe, expect, it, onTestFinished } from 'vitest';
import { createPhysicalDisks } from '../../../../src-main/platform/devices/physicalDisks';

function on(platform: string): ReturnType<typeof createPhysicalDisks> {
  const real = process.platform;
  Object.defineProperty(process, 'platform', { value: platform });
  onTestFinished(() => void Object.defineProperty(process, 'platform', { value: real }));
  return createPhysicalDisks({ programFiles: [] });
}

describe('the physical disks of a system', () => {
  it.each(['darwin', 'freebsd'])(
    '%s: are not supported, which is said when they are asked for',
    (platform) => {
      const disks = on(platform);
      const words = `not supported on this system (${platform}): work on disk files`;
      expect(() => disks.list()).toThrow(words);
      expect(() => disks.find('/dev/disk2')).toThrow(words);
      expect(() => disks.open('/dev/disk2', 'write')).toThrow(words);
      expect(disks.isDevice('/dev/disk2')).toBe(true);
      // A file stays a file.
      expect(disks.isDevice('/tmp/pc.vhdx')).toBe(false);
      expect(disks.find('/tmp/pc.vhdx')).toBeUndefined();
      expect(disks.open('/tmp/pc.vhdx', 'read')).toBeUndefined();
    },
  );

  it('win32: nothing is loaded before disks are asked for', () => {
    const disks = on('win32');
    expect(disks.isDevice('\\\\.\\PhysicalDrive0')).toBe(true);
    expect(disks.isDevice('C:\\pc.vhdx')).toBe(false);
    expect(disks.open('C:\\pc.vhdx', 'read')).toBeUndefined();
  });
});
