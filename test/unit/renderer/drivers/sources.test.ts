import { describe, expect, it } from 'vitest';
import { isDriverFile, withSources } from '../../../../src-renderer/views/drivers/sources';
import { SOURCES_MAXIMUM } from '../../../../src-shared/contract/driverLibrary';

describe('places of the driver library', () => {
  it('are added in their order, each once', () => {
    expect(withSources(['/a'], ['/b', '/a', '/b/'], '/')).toEqual({
      sources: ['/a', '/b'],
      covered: ['/a', '/b/'],
      left: [],
    });
  });

  it('do not hold what lies in another one, whichever came first', () => {
    expect(withSources(['/drivers'], ['/drivers/net', '/drivers2'], '/')).toEqual({
      sources: ['/drivers', '/drivers2'],
      covered: ['/drivers/net'],
      left: [],
    });
    expect(withSources(['/drivers/net', '/other', '/drivers/gfx.zip'], ['/drivers'], '/').sources).toEqual([
      '/other',
      '/drivers',
    ]);
    expect(withSources(['/'], ['/drivers'], '/').covered).toEqual(['/drivers']);
  });

  it('tell upper case from lower case where the system does', () => {
    expect(withSources(['C:\\Drivers'], ['c:\\drivers\\NET'], '\\').covered).toEqual(['c:\\drivers\\NET']);
    expect(withSources(['/Drivers'], ['/drivers/net'], '/').covered).toEqual([]);
  });

  it('are bounded, and say what found no room', () => {
    const many = Array.from({ length: SOURCES_MAXIMUM }, (_, i) => `/d${i}x`);
    const { sources, left } = withSources(many, ['/more'], '/');
    expect(sources).toEqual(many);
    expect(left).toEqual(['/more']);
    // One that takes the place of others has room.
    expect(withSources([...many.slice(1), '/all/one'], ['/all'], '/').left).toEqual([]);
  });

  it('are archives and INFs by their endings', () => {
    expect(['a.ZIP', 'b.cab', 'c.Inf'].every(isDriverFile)).toBe(true);
    expect(['a.exe', 'zip', 'b.zip.txt'].some(isDriverFile)).toBe(false);
  });
});
