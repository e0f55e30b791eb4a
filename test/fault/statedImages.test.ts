import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { wimsmith, wimsmithResult } from '../support/cli';
import { temporaryDirectory } from '../support/tools';

/** Offsets in the WIM header. */
const PART_NUMBER = 0x28;
const TOTAL_PARTS = 0x2a;
const IMAGE_COUNT = 0x2c;
const MOST_IMAGES = 0xffff;

it('a part that states 65,535 images and describes one is listed, and not image by image for ever', () => {
  const place = temporaryDirectory();
  writeFileSync(path.join(place, 'file'), 'data');
  const wim = path.join(place, 'part.swm');
  wimsmith('capture', place, wim, 'only');
  const bytes = readFileSync(wim);
  bytes.writeUInt16LE(2, PART_NUMBER);
  bytes.writeUInt16LE(2, TOTAL_PARTS);
  bytes.writeUInt32LE(MOST_IMAGES, IMAGE_COUNT);
  writeFileSync(wim, bytes);
  const { imageCount, images } = wimsmithResult<{ imageCount: number; images: { name: string }[] }>(
    'info',
    wim,
  );
  expect([imageCount, images.length, images[0].name]).toEqual([MOST_IMAGES, MOST_IMAGES, 'only']);
});
