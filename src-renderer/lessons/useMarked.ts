import { useEffect, useState } from 'react';

/** Place of the mark in the window, pixels. */
interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const LOOK_EVERY = 200;
const MARGIN = 4;

/**
 * Where the control is that a step is about: the first of the targets that is in sight. Views come and go and scroll,
 * so it is looked for anew five times a second.
 */
export function useMarked(targets: readonly string[]): {
  readonly box: Box | undefined;
  readonly hidesCoach: boolean;
} {
  const [box, setBox] = useState<Box>();
  const key = targets.join(' ');
  useEffect(() => {
    const look = (): void => {
      const found = key
        .split(' ')
        .map((name) => document.querySelector(`[data-lesson="${CSS.escape(name)}"]`))
        .find((element) => element !== null && element.getClientRects().length > 0);
      setBox((before) => {
        const now = found === undefined || found === null ? undefined : boxOf(found);
        return sameBox(before, now) ? before : now;
      });
    };
    look();
    const timer = setInterval(look, LOOK_EVERY);
    return () => clearInterval(timer);
  }, [key]);
  // The coach stands at the lower right; it moves to the left when the control is there.
  const hidesCoach =
    box !== undefined && box.left + box.width > innerWidth * 0.6 && box.top + box.height > innerHeight * 0.55;
  return { box, hidesCoach };
}

function boxOf(element: Element): Box {
  const { left, top, width, height } = element.getBoundingClientRect();
  return {
    left: left - MARGIN,
    top: top - MARGIN,
    width: width + 2 * MARGIN,
    height: height + 2 * MARGIN,
  };
}

function sameBox(a: Box | undefined, b: Box | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.left === b.left && a.top === b.top && a.width === b.width && a.height === b.height;
}
