// Draws the program's icons from assets/*.svg: build/icons/{app,document}.{ico,icns} and build/icons/linux/*.png.
// Usage: node build/icons.mjs   (needs Chromium; WIMSMITH_CHROMIUM names another one than Debian's)
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const out = path.join(root, 'build/icons');

/** Sizes of a Windows icon; 256 is what the shell shows large. */
const icoSizes = [16, 24, 32, 48, 64, 256];
/**
 * Types of a macOS icon and their pixels.
 * @type {readonly (readonly [type: string, pixels: number])[]} */
const icnsTypes = [
  ['icp4', 16],
  ['icp5', 32],
  ['ic11', 32],
  ['ic12', 64],
  ['ic07', 128],
  ['ic08', 256],
  ['ic09', 512],
];
const linuxSizes = [16, 24, 32, 48, 64, 128, 256, 512];

/**
 * An ICO file of PNG images: a directory of 16-byte entries, then the images.
 * @param {Map<number, Buffer>} images PNG by size in pixels
 */
function ico(images) {
  const header = Buffer.alloc(6 + 16 * icoSizes.length);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(icoSizes.length, 4);
  let offset = header.length;
  const parts = icoSizes.map((size, index) => {
    const image = imageOf(images, size);
    const entry = 6 + 16 * index;
    // 0 stands for 256.
    header.writeUInt8(size % 256, entry);
    header.writeUInt8(size % 256, entry + 1);
    header.writeUInt16LE(1, entry + 4);
    header.writeUInt16LE(32, entry + 6);
    header.writeUInt32LE(image.length, entry + 8);
    header.writeUInt32LE(offset, entry + 12);
    offset += image.length;
    return image;
  });
  return Buffer.concat([header, ...parts]);
}

/**
 * An ICNS file of PNG images: 'icns' and the length of all, then type, length and image of each. Big-endian.
 * @param {Map<number, Buffer>} images PNG by size in pixels
 */
function icns(images) {
  const parts = icnsTypes.map(([type, size]) => block(type, imageOf(images, size)));
  return block('icns', Buffer.concat(parts));
}

/**
 * @param {string} type four letters
 * @param {Buffer} content
 */
function block(type, content) {
  const header = Buffer.alloc(8);
  header.write(type, 'latin1');
  header.writeUInt32BE(content.length + 8, 4);
  return Buffer.concat([header, content]);
}

/**
 * @param {Map<number, Buffer>} images
 * @param {number} size
 */
function imageOf(images, size) {
  const image = images.get(size);
  if (!image) throw new Error(`no image of ${size} pixels was drawn`);
  return image;
}

const browser = await chromium.launch({
  executablePath: process.env.WIMSMITH_CHROMIUM ?? '/usr/bin/chromium',
});
try {
  const page = await browser.newPage();
  for (const [name, source] of [
    ['app', 'icon'],
    ['document', 'document'],
  ]) {
    const svg = readFileSync(path.join(root, `assets/${source}.svg`), 'utf8');
    /** @type {Map<number, Buffer>} */
    const images = new Map();
    for (const size of new Set([...icoSizes, ...linuxSizes, ...icnsTypes.map(([, pixels]) => pixels)])) {
      await page.setViewportSize({ width: size, height: size });
      await page.setContent(`<style>body{margin:0}svg{display:block;width:100vw;height:100vh}</style>${svg}`);
      images.set(size, await page.screenshot({ omitBackground: true }));
    }
    mkdirSync(path.join(out, 'linux'), { recursive: true });
    writeFileSync(path.join(out, `${name}.ico`), ico(images));
    writeFileSync(path.join(out, `${name}.icns`), icns(images));
    if (name !== 'app') continue;
    for (const size of linuxSizes) {
      writeFileSync(path.join(out, `linux/${size}x${size}.png`), imageOf(images, size));
    }
  }
} finally {
  await browser.close();
}
