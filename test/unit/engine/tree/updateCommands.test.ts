import { describe, expect, expectTypeOf, it } from 'vitest';
import { parseUpdateCommands, type UpdateCommand } from '../../../../src-main/engine/tree/updateCommands';
import type { UpdateEdit } from '../../../../src-shared/model/requests';

describe('update commands', () => {
  it('reads what wimlib-imagex update reads', () => {
    const text = [
      '# comment',
      "add 'C:\\My Dir' '\\My Dir'",
      'ADD --unix-data src --no-acls /dst --dereference --no-replace --verbose',
      'add --strict-acls a b',
      '',
      'delete --force --recursive "\\Windows\\Temp\\"',
      'delete x',
      'rename /a b\\c',
    ].join('\r\n');
    const none = { noReplace: false, verbose: false };
    expect(parseUpdateCommands(text)).toEqual([
      { kind: 'add', source: 'C:\\My Dir', target: '/My Dir', choices: {}, ...none },
      {
        kind: 'add',
        source: 'src',
        target: '/dst',
        choices: { dereference: true, unixData: true, securityDescriptors: 'none' },
        noReplace: true,
        verbose: true,
      },
      { kind: 'add', source: 'a', target: '/b', choices: { securityDescriptors: 'strict' }, ...none },
      { kind: 'delete', path: '/Windows/Temp', force: true, recursive: true },
      { kind: 'delete', path: '/x', force: false, recursive: false },
      { kind: 'rename', from: '/a', to: '/b/c' },
    ]);
    expectTypeOf<UpdateCommand>().toExtend<UpdateEdit>();
  });

  it('lets a word follow a quoted word directly', () => {
    expect(parseUpdateCommands('rename "a b""c d"')).toEqual([{ kind: 'rename', from: '/a b', to: '/c d' }]);
  });

  it.each([
    ['copy a b', 1, "'copy' is not a command"],
    ['constructor a', 1, 'is not a command'],
    ['delete a\nadd x', 2, 'takes SOURCE and DESTINATION, but 1'],
    ['delete a b', 1, 'takes PATH, but 2'],
    ['rename --force a b', 1, "no option '--force'"],
    ['delete "a', 1, 'not closed'],
    ['delete ""', 1, 'PATH is empty'],
  ])('refuses %j', (text, line, reason) => {
    expect(() => parseUpdateCommands(text)).toThrow(
      expect.objectContaining({
        code: 'usage/invalid',
        facts: { line },
        message: expect.stringContaining(reason),
      }),
    );
  });
});
