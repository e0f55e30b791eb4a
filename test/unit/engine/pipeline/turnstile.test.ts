import { describe, expect, it } from 'vitest';
import { Lender, Turnstile } from '../../../../src-main/engine/pipeline/turnstile';

describe('Turnstile', () => {
  it('lets work pass in the order of its numbers, whenever it arrives', async () => {
    const turnstile = new Turnstile();
    const passed: number[] = [];
    const go = async (number: number): Promise<void> => {
      await turnstile.wait(number);
      passed.push(number);
      turnstile.pass();
    };
    await Promise.all([3, 1, 0, 2].map(go));
    expect(passed).toEqual([0, 1, 2, 3]);
  });

  it('turns away who waits and who comes later once it has failed', async () => {
    const turnstile = new Turnstile();
    const waiting = turnstile.wait(1);
    turnstile.fail(new Error('the disk is full'));
    turnstile.fail(new Error('a later error'));
    await expect(waiting).rejects.toThrow('the disk is full');
    await expect(turnstile.wait(0)).rejects.toThrow('the disk is full');
  });
});

describe('Lender', () => {
  it('lends each thing once and serves who waits first', async () => {
    const lender = new Lender(['a', 'b']);
    const first = await lender.borrow();
    await lender.borrow();
    const served: string[] = [];
    const waiting = ['x', 'y'].map(async (who) => {
      const thing = await lender.borrow();
      served.push(who);
      lender.giveBack(thing);
    });
    lender.giveBack(first);
    await Promise.all(waiting);
    expect(served).toEqual(['x', 'y']);
  });
});
