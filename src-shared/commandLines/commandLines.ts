import type { Work } from '../contract/work';
import { dismLine } from './dism';
import { imagexLine } from './imagex';
import { quoteFor, windowsWord } from './quoting';
import type { CommandLine, ShellStyle } from './shapes';
import { LineBuilder, lineOrReason } from './shapes';
import { wimsmithLine } from './wimsmith';

/** Tools whose lines are shown beside a job. */
export const lineTools = ['wimsmith', 'imagex', 'dism'] as const;
export type LineTool = (typeof lineTools)[number];

/** The same job as a line of each tool. @param style how `wimsmith` lines are quoted; the others run under Windows */
export function commandLinesOf(work: Work, style: ShellStyle): Readonly<Record<LineTool, CommandLine>> {
  return { wimsmith: wimsmithLine(work, style), imagex: imagexLine(work), dism: dismLine(work) };
}

/** How each tool prints what a WIM holds. */
export function reportLinesOf(wim: string, style: ShellStyle): Readonly<Record<LineTool, CommandLine>> {
  return {
    wimsmith: lineOrReason(() => {
      const line = new LineBuilder('wimsmith', quoteFor(style)).add('info');
      return line.addIf(wim.startsWith('-'), '--').add(wim);
    }),
    imagex: lineOrReason(() => new LineBuilder('imagex', windowsWord).add('/info', wim)),
    dism: lineOrReason(() =>
      new LineBuilder('Dism', windowsWord).add('/Get-ImageInfo').value('/ImageFile:', wim),
    ),
  };
}
