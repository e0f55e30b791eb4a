import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { wimsmith } from '../support/cli';
import { tokenize } from './tokenizer';

/** One way to write a WIM anew, and what it may change. */
export interface Rewrite {
  readonly name: string;
  /** Rewrites `wim`. @returns the file to compare, `wim` itself when it was changed in place */
  readonly run: (wim: string, work: string) => string;
  /** Compressed anew: chunk sizes, stored sizes and stored bytes may differ. */
  readonly recompressed?: boolean;
  /** Metadata is laid out anew, though blobs are copied as they are. */
  readonly laidOut?: boolean;
  /** Images that stand before those of the source. */
  readonly before?: number;
  /** A new file: its GUID is its own, no image boots. */
  readonly newFile?: boolean;
  /** What the rewrite was asked to change in the XML data. */
  readonly expectXml?: (xml: string) => string;
  /** Images that are in the file besides those of the source, each with one blob. */
  readonly added?: number;
}

const inPlace =
  (...args: string[]): Rewrite['run'] =>
  (wim) => {
    wimsmith(args[0], wim, ...args.slice(1));
    return wim;
  };

/** All ways. */
export const rewrites: readonly Rewrite[] = [
  { name: 'optimize', run: inPlace('optimize') },
  ...(['none', 'xpress', 'lzx'] as const).map((format) => ({
    name: `optimize --recompress --compress=${format}`,
    run: inPlace('optimize', '--recompress', `--compress=${format}`),
    recompressed: true,
  })),
  {
    name: 'export all',
    run: (wim, work) => {
      const exported = path.join(work, 'exported.wim');
      wimsmith('export', wim, 'all', exported);
      return exported;
    },
    newFile: true,
  },
  {
    name: 'export to a file of another compression',
    run: (wim, work) => {
      const exported = path.join(work, 'exported.wim');
      const format = tokenize(wim).header.chunkSize === 0 ? 'lzx' : 'none';
      wimsmith('export', wim, 'all', exported, `--compress=${format}`, '--recompress');
      return exported;
    },
    newFile: true,
    recompressed: true,
  },
  {
    name: 'append',
    run: (wim, work) => {
      const tree = path.join(work, 'more');
      mkdirSync(tree);
      writeFileSync(path.join(tree, 'more'), 'data that no other image has');
      wimsmith('append', tree, wim, 'one more');
      return wim;
    },
    added: 1,
  },
  { name: 'append, then delete', run: appendAndDelete },
  {
    name: 'export to a WIM with an image',
    run: exportBehind,
    newFile: true,
    laidOut: true,
    before: 1,
    added: 1,
  },
  {
    name: 'info with a new name',
    run: inPlace('info', '1', 'renamed & <kept>'),
    expectXml: (xml) => withElement(xml, 'NAME', 'renamed &amp; &lt;kept&gt;'),
  },
  { name: 'info --boot', run: inPlace('info', '1', '--boot') },
  { name: 'info --boot --check', run: inPlace('info', '1', '--boot', '--check') },
];

function appendAndDelete(wim: string, work: string): string {
  const tree = path.join(work, 'more');
  mkdirSync(tree);
  writeFileSync(path.join(tree, 'more'), 'data that no other image has');
  wimsmith('append', tree, wim, 'one more');
  wimsmith('delete', wim, 'one more');
  return wim;
}

/** Exports all images to a WIM of the same compression that holds another image. */
function exportBehind(wim: string, work: string): string {
  const tree = path.join(work, 'other');
  mkdirSync(tree);
  writeFileSync(path.join(tree, 'other'), 'data that no other image has');
  const exported = path.join(work, 'other.wim');
  const { flags, chunkSize } = tokenize(wim).header;
  const format =
    (Number(flags) & 0x20000) !== 0 ? 'xpress' : (Number(flags) & 0x40000) !== 0 ? 'lzx' : 'none';
  const options = format === 'none' ? [] : [`--chunk-size=${chunkSize}`];
  wimsmith('capture', tree, exported, 'other', `--compress=${format}`, ...options);
  wimsmith('export', wim, 'all', exported);
  return exported;
}

/** The first image's element set, made when it is not there. */
function withElement(xml: string, name: string, text: string): string {
  const element = `<${name}>${text}</${name}>`;
  const pattern = new RegExp(`<${name}>[^<]*</${name}>`);
  return pattern.test(xml) ? xml.replace(pattern, element) : xml.replace('</IMAGE>', `${element}</IMAGE>`);
}
