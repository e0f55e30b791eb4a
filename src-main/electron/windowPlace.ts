import { z } from 'zod';

/** A rectangle of the desktop, in device-independent pixels. */
export interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const pixel = z.number().int().min(-100_000).max(100_000);

/** Where the window was when it closed: its bounds when neither maximised nor minimised, and whether it was maximised. */
export const WindowPlace = z.object({
  bounds: z.object({ x: pixel, y: pixel, width: pixel.min(1), height: pixel.min(1) }),
  maximized: z.boolean(),
});
export type WindowPlace = z.infer<typeof WindowPlace>;

/** The place that a file's text tells; undefined when it tells none. */
export function parsePlace(text: string): WindowPlace | undefined {
  try {
    const place = WindowPlace.safeParse(JSON.parse(text));
    return place.success ? place.data : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** As much of the title bar as a hand needs to drag the window: it must lie on a display. */
const GRIP = { width: 120, height: 32 } as const;

function overlap(a: Bounds, b: Bounds): { width: number; height: number } {
  return {
    width: Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x),
    height: Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y),
  };
}

function centred(size: { readonly width: number; readonly height: number }, area: Bounds): Bounds {
  const width = Math.min(size.width, area.width);
  const height = Math.min(size.height, area.height);
  return {
    x: area.x + Math.floor((area.width - width) / 2),
    y: area.y + Math.floor((area.height - height) / 2),
    width,
    height,
  };
}

/**
 * Where the window opens: where it was, if a hand can still reach its title bar there, else in the middle of the first
 * display. It is never larger than the display it is on.
 * @param workAreas what the displays have free of bars and docks, the primary one first; at least one
 */
export function placeWindow(
  saved: Bounds | undefined,
  workAreas: readonly Bounds[],
  defaults: {
    readonly width: number;
    readonly height: number;
    readonly minWidth: number;
    readonly minHeight: number;
  },
): Bounds {
  const [primary] = workAreas;
  if (saved === undefined) return centred(defaults, primary);
  const size = {
    width: Math.max(saved.width, defaults.minWidth),
    height: Math.max(saved.height, defaults.minHeight),
  };
  for (const area of workAreas) {
    const there = {
      x: saved.x,
      y: saved.y,
      width: Math.min(size.width, area.width),
      height: Math.min(size.height, area.height),
    };
    const visible = overlap({ ...there, height: GRIP.height }, area);
    if (visible.width >= GRIP.width && visible.height >= GRIP.height) return there;
  }
  return centred(size, primary);
}
