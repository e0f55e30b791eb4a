import type { DriverArchitecture, WindowsTarget } from '../../../../src-shared/model/drivers';
import { compareDecorations, isFor } from '../decoration';
import type { Decoration, InfModels } from '../infModel';

/** Why a models section is not for a Windows. */
export type Misfit = 'architecture' | 'version' | 'product';

/** The architecture that a models section is for: without one, x86 (inf-manufacturer-section.md, "Architecture"). */
export function decoratedFor(decoration: Decoration | undefined): DriverArchitecture {
  return decoration?.architecture ?? 'x86';
}

/** Why a decoration is not for a Windows; undefined where it is. */
export function misfitOf(decoration: Decoration | undefined, target: WindowsTarget): Misfit | undefined {
  if (decoratedFor(decoration) !== target.architecture) return 'architecture';
  if (decoration === undefined || isFor(decoration, target)) return undefined;
  const { text, architecture, major, minor, build } = decoration;
  const version = {
    text,
    ...(architecture === undefined ? {} : { architecture }),
    ...(major === undefined ? {} : { major }),
    ...(minor === undefined ? {} : { minor }),
    ...(build === undefined ? {} : { build }),
  };
  return isFor(version, target) ? 'product' : 'version';
}

/**
 * Which of two decorations that are both for a Windows is closer to it; none at all is the furthest.
 *
 * @returns positive when `one` is closer
 */
export function compareCloseness(one: Decoration | undefined, other: Decoration | undefined): number {
  if (one === undefined || other === undefined)
    return Number(one !== undefined) - Number(other !== undefined);
  return compareDecorations(other, one);
}

/** What the sections of one line of [Manufacturer] have in common: that line, or its name and undecorated section. */
export function groupOf(models: InfModels & { readonly entry?: number }): string {
  const { manufacturer, section, decoration, entry } = models;
  if (entry !== undefined) return String(entry);
  const end = decoration === undefined ? section.length : section.length - decoration.text.length - 1;
  return `${manufacturer}\0${section.slice(0, Math.max(0, end)).toLowerCase()}`;
}
