import { isDiskWork, isDriverWork, type Work } from '../contract/work';
import { diskpartScript, type KnownLayouts } from './diskpart';
import { dismLine } from './dism';
import { imagexLine } from './imagex';
import { quoteFor, windowsWord } from './quoting';
import type { CommandLine, ShellStyle } from './shapes';
import { LineBuilder, lineOrReason } from './shapes';
import { wimsmithLine } from './wimsmith';

/** Tools whose lines are shown beside a job. */
export const lineTools = ['wimsmith', 'diskpart', 'imagex', 'dism'] as const;
export type LineTool = (typeof lineTools)[number];
/** Lines of the tools that have to do with a job. */
export type ToolLines = Readonly<Partial<Record<LineTool, CommandLine>>>;

/**
 * The same job as a line of each tool.
 * @param style how `wimsmith` lines are quoted; the others run under Windows
 * @param layouts the layouts that work may name
 */
export function commandLinesOf(work: Work, style: ShellStyle, layouts: KnownLayouts = {}): ToolLines {
  const wimsmith = wimsmithLine(work, style);
  if (isDiskWork(work)) return { wimsmith, diskpart: diskpartScript(work, layouts) };
  // ImageX knows nothing of drivers.
  if (isDriverWork(work)) return { wimsmith, dism: dismLine(work) };
  const images = { imagex: imagexLine(work), dism: dismLine(work) };
  return work.verb === 'apply' && work.request.prepare !== undefined
    ? { wimsmith, diskpart: diskpartScript(work, layouts), ...images }
    : { wimsmith, ...images };
}

/** How each tool prints what a WIM holds. */
export function reportLinesOf(wim: string, style: ShellStyle): ToolLines {
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
