import type { DriverArchitecture, WindowsTarget } from '../../../src-shared/model/drivers';
import type { Decoration } from './infModel';

/** First build that understands a build number in a decoration: MicrosoftDocs, inf-manufacturer-section. */
const FIRST_BUILD = 14310;
/** Product suites that every Windows since XP has: VER_SUITE_TERMINAL and VER_SUITE_SINGLEUSERTS. */
const COMMON_SUITES = 0x110;

const architectures: ReadonlySet<string> = new Set<DriverArchitecture>([
  'x86',
  'amd64',
  'arm64',
  'arm',
  'ia64',
]);

export function isArchitecture(text: string): text is DriverArchitecture {
  return architectures.has(text);
}

/**
 * Reads `nt[Architecture][.[Major][.[Minor][.[ProductType][.[SuiteMask][.[Build]]]]]]`; numbers may be hexadecimal
 * with '0x'. Source: MicrosoftDocs, combining-platform-extensions-with-operating-system-versions.
 * @param text without the leading dot
 * @returns undefined for what is no decoration
 */
export function parseDecoration(text: string): Decoration | undefined {
  const [head, ...parts] = text.trim().toLowerCase().split('.', 7);
  if (!head.startsWith('nt') || parts.length > 5) return undefined;
  const architecture = head.slice(2);
  if (architecture !== '' && !isArchitecture(architecture)) return undefined;
  const numbers = parts.map(numberOf);
  if (numbers.some((number) => Number.isNaN(number))) return undefined;
  const [major, minor, productType, suiteMask, build] = numbers;
  return {
    text: text.trim(),
    ...(architecture === '' ? {} : { architecture }),
    ...(major === undefined ? {} : { major }),
    ...(minor === undefined ? {} : { minor }),
    ...(productType === undefined ? {} : { productType }),
    ...(suiteMask === undefined ? {} : { suiteMask }),
    ...(build === undefined ? {} : { build }),
  };
}

/** @returns undefined for an empty part, NaN for one that is no number */
function numberOf(part: string): number | undefined {
  const text = part.trim();
  if (text === '') return undefined;
  return /^(?:0x[0-9a-f]{1,8}|[0-9]{1,9})$/.test(text) ? Number(text) : Number.NaN;
}

/**
 * Whether a section with this decoration is for a Windows. A version is the lowest one; a build counts only within
 * its own version.
 */
export function isFor(decoration: Decoration, target: WindowsTarget): boolean {
  const { architecture, productType, suiteMask, build } = decoration;
  if (architecture !== undefined && architecture !== target.architecture) return false;
  if (decoration.major !== undefined) {
    const difference = compareVersions(decoration, target);
    if (difference > 0) return false;
    if (build !== undefined && difference === 0 && build > target.build) return false;
  }
  if (build !== undefined && (target.major < 10 || target.build < FIRST_BUILD)) return false;
  if (productType !== undefined && productType !== productTypes[target.productType]) return false;
  // A target's suites are not known; most sections with a mask ask for one that few editions have.
  return suiteMask === undefined || (suiteMask & ~COMMON_SUITES) === 0;
}

const productTypes = { workstation: 1, 'domain-controller': 2, server: 3 } as const;

function compareVersions(
  a: { readonly major?: number; readonly minor?: number },
  b: { readonly major?: number; readonly minor?: number },
): number {
  return (a.major ?? 0) - (b.major ?? 0) || (a.minor ?? 0) - (b.minor ?? 0);
}

/**
 * Which of two decorations that are both for a Windows it takes: the higher version, then the higher build, then the
 * one that says more (product type before suites before architecture).
 * @returns below 0 when it takes `a`
 */
export function compareDecorations(a: Decoration, b: Decoration): number {
  return (
    compareVersions(b, a) ||
    (b.build ?? 0) - (a.build ?? 0) ||
    Number(b.productType !== undefined) - Number(a.productType !== undefined) ||
    Number(b.suiteMask !== undefined) - Number(a.suiteMask !== undefined) ||
    Number(b.architecture !== undefined) - Number(a.architecture !== undefined)
  );
}
