import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ownerOf, sddlOf } from '../../../../../src-main/engine/tree/security/sddl';
import { nameOfSid } from '../../../../../src-main/engine/tree/security/sid';

const word = (value: number, width: number): Buffer => {
  const bytes = Buffer.alloc(width);
  bytes.writeUIntLE(value, 0, width);
  return bytes;
};

/** The bytes of a SID as [MS-DTYP] 2.4.2.2 lays them out. */
function sid(text: string): Buffer {
  const [authority, ...rest] = text.split('-').slice(2).map(Number);
  const head = Buffer.alloc(8);
  head.writeUInt8(1, 0);
  head.writeUInt8(rest.length, 1);
  head.writeUIntBE(authority, 2, 6);
  return Buffer.concat([head, ...rest.map((part) => word(part, 4))]);
}

function ace(type: number, flags: number, mask: number, tail: Buffer): Buffer {
  const size = 8 + tail.length;
  return Buffer.concat([Buffer.from([type, flags]), word(size, 2), word(mask, 4), tail]);
}

function acl(...aces: Buffer[]): Buffer {
  const body = Buffer.concat(aces);
  return Buffer.concat([
    Buffer.from([4, 0]),
    word(8 + body.length, 2),
    word(aces.length, 2),
    word(0, 2),
    body,
  ]);
}

function descriptor(
  control: number,
  parts: { owner?: Buffer; group?: Buffer; sacl?: Buffer; dacl?: Buffer },
): Uint8Array {
  let position = 20;
  const body: Buffer[] = [];
  const place = (part: Buffer | undefined): number => {
    if (part === undefined) return 0;
    body.push(part);
    position += part.length;
    return position - part.length;
  };
  const offsets = [parts.owner, parts.group, parts.sacl, parts.dacl].map(place);
  const head = Buffer.concat([
    Buffer.from([1, 0]),
    word(0x8000 | control, 2),
    ...offsets.map((offset) => word(offset, 4)),
  ]);
  return new Uint8Array(Buffer.concat([head, ...body]));
}

const trustedInstaller = 'S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464';
const administrators = 'S-1-5-32-544';

const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');
const counted = (token: number, bytes: Buffer): Buffer =>
  Buffer.concat([Buffer.from([token]), word(bytes.length, 4), bytes]);
const condition = (...tokens: Buffer[]): Buffer => {
  const bytes = Buffer.concat([Buffer.from('artx'), ...tokens]);
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
};

describe('a security descriptor as text', () => {
  it('is what Windows shows for C:\\Windows\\System32\\notepad.exe', () => {
    const bytes = descriptor(0x1404, {
      owner: sid(trustedInstaller),
      group: sid(trustedInstaller),
      dacl: acl(
        ace(0, 0, 0x1200a9, sid('S-1-5-32-544')),
        ace(0, 0, 0x1200a9, sid('S-1-5-18')),
        ace(0, 0, 0x1200a9, sid('S-1-5-32-545')),
        ace(0, 0, 0x1f01ff, sid(trustedInstaller)),
        ace(0, 0, 0x1200a9, sid('S-1-15-2-1')),
        ace(0, 0, 0x1200a9, sid('S-1-15-2-2')),
      ),
    });
    expect(sddlOf(bytes)).toBe(
      `O:${trustedInstaller}G:${trustedInstaller}D:PAI(A;;0x1200a9;;;BA)(A;;0x1200a9;;;SY)` +
        `(A;;0x1200a9;;;BU)(A;;FA;;;${trustedInstaller})(A;;0x1200a9;;;AC)(A;;0x1200a9;;;S-1-15-2-2)`,
    );
    expect(nameOfSid(ownerOf(bytes)!)).toBe('NT SERVICE\\TrustedInstaller');
  });

  it('has inheritance, generic rights, audit and a label', () => {
    const bytes = descriptor(0x2c14, {
      owner: sid('S-1-5-18'),
      group: sid('S-1-5-21-1-2-3-513'),
      dacl: acl(
        ace(0, 0x0b, 0x10000000, sid('S-1-3-0')),
        ace(0, 0x1b, 0xe0010000, sid('S-1-5-11')),
        ace(1, 0x02, 0x0004, sid('S-1-1-0')),
      ),
      sacl: acl(ace(2, 0xc3, 0x1f01ff, sid('S-1-1-0')), ace(0x11, 0x00, 1, sid('S-1-16-4096'))),
    });
    expect(sddlOf(bytes)).toBe(
      'O:SYG:S-1-5-21-1-2-3-513D:AI(A;OICIIO;GA;;;CO)(A;OICIIOID;SDGXGWGR;;;AU)(D;CI;LC;;;WD)' +
        'S:PAI(AU;OICISAFA;FA;;;WD)(ML;;NW;;;LW)',
    );
  });

  it('tells no list from an empty list and from one that allows all', () => {
    const owner = sid(administrators);
    expect(sddlOf(descriptor(0, { owner }))).toBe('O:BA');
    expect(sddlOf(descriptor(4, { owner, dacl: acl() }))).toBe('O:BAD:');
    expect(sddlOf(descriptor(4, { owner }))).toBe('O:BAD:NO_ACCESS_CONTROL');
  });

  it('has object entries with their GUIDs', () => {
    const guid = Buffer.from('33221100554477668899aabbccddeeff', 'hex');
    const both = Buffer.concat([word(3, 4), guid, guid, sid('S-1-5-10')]);
    const inherited = Buffer.concat([word(2, 4), guid, sid('S-1-5-10')]);
    const text = '00112233-4455-6677-8899-aabbccddeeff';
    expect(sddlOf(descriptor(4, { dacl: acl(ace(5, 0, 0x10, both), ace(6, 0, 0x20, inherited)) }))).toBe(
      `D:(OA;;RP;${text};${text};PS)(OD;;WP;;${text};PS)`,
    );
  });

  it('has conditions, [MS-DTYP] 2.5.1.1', () => {
    const integer = (value: number): Buffer =>
      Buffer.concat([Buffer.from([4]), word(value, 6), word(0, 2), Buffer.from([3, 2])]);
    const exists = condition(counted(0xf8, utf16('WIN://SYSAPPID')), Buffer.from([0x87]));
    const both = condition(
      counted(0xf9, utf16('Title')),
      counted(0x10, utf16('VP')),
      Buffer.from([0x80]),
      counted(0x50, counted(0x51, sid(administrators))),
      Buffer.from([0x89, 0xa0]),
      counted(0xfa, utf16('Level 1')),
      integer(7),
      Buffer.from([0x85, 0xa2, 0xa1]),
    );
    const xa = (tail: Buffer): Buffer => ace(9, 0, 0x1200a9, Buffer.concat([sid('S-1-5-32-545'), tail]));
    expect(sddlOf(descriptor(4, { dacl: acl(xa(exists)) }))).toBe(
      'D:(XA;;0x1200a9;;;BU;(Exists WIN://SYSAPPID))',
    );
    expect(sddlOf(descriptor(4, { dacl: acl(xa(both)) }))).toBe(
      'D:(XA;;0x1200a9;;;BU;(((@User.Title == "VP") && (Member_of {SID(BA)})) || (!(@Resource.Level%00201 >= 7))))',
    );
  });

  it('is none for what is cut off, wherever that is', () => {
    const whole = descriptor(0x14, {
      owner: sid(administrators),
      group: sid(administrators),
      dacl: acl(ace(0, 0, 1, sid('S-1-1-0'))),
      sacl: acl(ace(2, 0, 1, sid('S-1-1-0'))),
    });
    expect(sddlOf(whole)).toBe('O:BAG:BAD:(A;;CC;;;WD)S:(AU;;CC;;;WD)');
    for (let length = 0; length < whole.length; length++)
      expect(sddlOf(whole.subarray(0, length)), `${length} bytes`).toBeUndefined();
  });

  it('never fails, whatever the bytes', () => {
    const control = fc.integer({ min: 0, max: 0xffff });
    const offsets = fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(control, offsets, fc.uint8Array({ maxLength: 120 }), (flags, places, body) => {
        const head = Buffer.concat([
          Buffer.from([1, 0]),
          word(flags | 0x8000, 2),
          ...places.map((at) => word(at, 4)),
        ]);
        const bytes = new Uint8Array(Buffer.concat([head, body]));
        const text = sddlOf(bytes);
        expect(['string', 'undefined']).toContain(typeof text);
        ownerOf(bytes);
      }),
      { numRuns: 2000 },
    );
  });
});
