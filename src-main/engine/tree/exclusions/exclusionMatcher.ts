import { pathNames } from '../imagePath';
import { compileNamePattern, foldCase, hasWildcards, type NameTest } from '../namePattern';
import type { CaptureConfig } from './captureConfig';

export interface ExclusionMatcherOptions {
  /** Letters of either case are equal, as Windows and ImageX compare. wimlib compares with case on UNIX. */
  readonly caseInsensitive: boolean;
}

/** A path under test, taken apart once for all patterns and only as far as they need it. */
class Subject {
  readonly name: string;
  private names: string[] | undefined;

  constructor(readonly path: string) {
    this.name = path.slice(path.lastIndexOf('/') + 1);
  }

  parts(): readonly string[] {
    this.names ??= pathNames(this.path);
    return this.names;
  }
}

/** One pattern: what it covers, and what lies on the way to it. */
interface Rule {
  readonly pattern: string;
  /** The path itself, or for a pattern with a path also everything below. */
  covers(subject: Subject): boolean;
  /** Whether the path is a directory in which something that is covered may lie. */
  leadsTo(subject: Subject): boolean;
}

/**
 * Decides what a capture leaves out. A directory that is left out is not descended into by whoever asks, so a pattern
 * that is a bare name need not match what lies below; one with a path does, which lets an exception with a path take
 * back single entries of an excluded directory.
 */
export class ExclusionMatcher {
  private readonly fold: (text: string) => string;
  private readonly exclusions: readonly Rule[];
  private readonly exceptions: readonly Rule[];
  private readonly stored: readonly Rule[];

  constructor(config: CaptureConfig, options: ExclusionMatcherOptions) {
    this.fold = options.caseInsensitive ? foldCase : (text) => text;
    const compile = (pattern: string): Rule => compileRule(pattern, this.fold(pattern));
    this.exclusions = config.exclusionList.map(compile);
    this.exceptions = config.exclusionException.map(compile);
    this.stored = config.compressionExclusionList.map(compile);
  }

  /**
   * @param path from the root of the capture, '/' between names and in front: '/Windows/CSC'; the root is '/'
   * @returns the first pattern that excludes it, or undefined when it is captured
   */
  excludes(path: string): string | undefined {
    const subject = new Subject(this.fold(path));
    for (const rule of this.exclusions) {
      if (!rule.covers(subject)) continue;
      const kept = this.exceptions.some((other) => other.covers(subject) || other.leadsTo(subject));
      return kept ? undefined : rule.pattern;
    }
    return undefined;
  }

  /** Whether the data of a file is stored without compression. A bare-name pattern names files, not directories. */
  excludesFromCompression(path: string): boolean {
    if (this.stored.length === 0) return false;
    const subject = new Subject(this.fold(path));
    return this.stored.some((rule) => rule.covers(subject));
  }
}

function compileRule(pattern: string, folded: string): Rule {
  if (!folded.startsWith('/')) return nameRule(pattern, compileNamePattern(folded));
  return hasWildcards(folded) ? wildPathRule(pattern, folded) : literalPathRule(pattern, folded);
}

function nameRule(pattern: string, test: NameTest): Rule {
  return {
    pattern,
    covers: (subject) => subject.name !== '' && test(subject.name),
    leadsTo: (subject) => subject.name === '',
  };
}

function literalPathRule(pattern: string, folded: string): Rule {
  const below = folded === '/' ? '/' : folded + '/';
  return {
    pattern,
    covers: ({ path }) => path === folded || path.startsWith(below),
    leadsTo: ({ path }) => below.startsWith(path === '/' ? path : path + '/'),
  };
}

function wildPathRule(pattern: string, folded: string): Rule {
  const tests = pathNames(folded).map(compileNamePattern);
  return {
    pattern,
    covers(subject) {
      const parts = subject.parts();
      return parts.length >= tests.length && tests.every((test, level) => test(parts[level]));
    },
    leadsTo(subject) {
      const parts = subject.parts();
      return parts.length < tests.length && parts.every((part, level) => tests[level](part));
    },
  };
}

/** What is left out of an image, and what is stored without compressing. */
export type Exclusions = Pick<ExclusionMatcher, 'excludes' | 'excludesFromCompression'>;
