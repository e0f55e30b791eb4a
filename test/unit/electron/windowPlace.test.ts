import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePlace, placeWindow, type Bounds } from '../../../src-main/electron/windowPlace';

const desk: Bounds = { x: 0, y: 0, width: 1920, height: 1040 };
const left: Bounds = { x: -1280, y: 100, width: 1280, height: 1024 };
const defaults = { width: 1280, height: 820, minWidth: 720, minHeight: 480 };

describe('the place of the window', () => {
  it('is the middle of the first display at the first start', () => {
    expect(placeWindow(undefined, [desk, left], defaults)).toEqual({
      x: 320,
      y: 110,
      width: 1280,
      height: 820,
    });
  });

  it('is where it was, on any display', () => {
    const there = { x: -1200, y: 150, width: 1000, height: 700 };
    expect(placeWindow(there, [desk, left], defaults)).toEqual(there);
  });

  it('comes back when its display is gone', () => {
    const there = { x: -1200, y: 150, width: 1000, height: 700 };
    expect(placeWindow(there, [desk], defaults)).toEqual({ x: 460, y: 170, width: 1000, height: 700 });
  });

  it('comes back when only its lower part is on a display', () => {
    const above = { x: 100, y: -400, width: 1000, height: 700 };
    expect(placeWindow(above, [desk], defaults)).toEqual({ x: 460, y: 170, width: 1000, height: 700 });
  });

  it('shrinks to a smaller display', () => {
    const small = { x: 0, y: 0, width: 1024, height: 700 };
    expect(placeWindow({ x: 0, y: 0, width: 3000, height: 2000 }, [small], defaults)).toEqual(small);
  });

  it('always leaves a title bar that a hand can reach', () => {
    const number = fc.integer({ min: -5000, max: 5000 });
    const size = fc.integer({ min: 1, max: 5000 });
    fc.assert(
      fc.property(number, number, size, size, fc.boolean(), (x, y, width, height, two) => {
        const areas = two ? [desk, left] : [desk];
        const placed = placeWindow({ x, y, width, height }, areas, defaults);
        const reachable = areas.some(
          (area) =>
            placed.y >= area.y &&
            placed.y + 32 <= area.y + area.height &&
            Math.min(placed.x + placed.width, area.x + area.width) - Math.max(placed.x, area.x) >= 120 &&
            placed.width <= area.width &&
            placed.height <= area.height,
        );
        expect(reachable).toBe(true);
      }),
    );
  });

  it.each([
    '',
    '{',
    '[]',
    '{"bounds":{"x":0,"y":0,"width":0,"height":5},"maximized":false}',
    '{"maximized":true}',
  ])('is not read from %j', (text) => {
    expect(parsePlace(text)).toBeUndefined();
  });

  it('is read as it was written', () => {
    const place = { bounds: { x: -5, y: 6, width: 900, height: 600 }, maximized: true };
    expect(parsePlace(JSON.stringify(place))).toEqual(place);
  });
});
