import { type z } from 'zod';

/**
 * Values that a schema accepts. Different numbers give different values: each alternative of a union and each word of an
 * enumeration comes up, lists are empty or not, and what is optional is there or not.
 */
export function sampleOf(schema: z.ZodType, number: number): unknown {
  const value = make(schema, { number, depth: 0 });
  // The sample itself must be right, or what is proved with it means nothing.
  schema.parse(value);
  return value;
}

/** Samples that are enough for every alternative of the contract: the longest union has 16. */
export const SAMPLES = 16;

interface Context {
  readonly number: number;
  readonly depth: number;
}

interface Definition {
  readonly type: string;
  readonly shape: Readonly<Record<string, z.ZodType>>;
  readonly element: z.ZodType;
  readonly innerType: z.ZodType;
  readonly options: readonly z.ZodType[];
  readonly items: readonly z.ZodType[];
  readonly entries: Readonly<Record<string, string>>;
  readonly values: readonly unknown[];
  readonly valueType: z.ZodType;
  readonly getter: () => z.ZodType;
}

/** A path that also says whether names travel unharmed: quotes, separators, letters of two planes, a lone surrogate. */
const names = ['C:\\Bilder\\"Größe"', '/home/ä/日本/😀', 'plain.wim', 'lone \ud800 half', 'a\u2028b', ' '];

function make(schema: z.ZodType, context: Context): unknown {
  const { number, depth } = context;
  const definition = schema._zod.def as unknown as Definition;
  const inner = { number: number + 1, depth: depth + 1 };
  switch (definition.type) {
    case 'string':
      return fitting(schema, [...names.slice(number % names.length), ...names, 'x', '0'.repeat(64)]);
    case 'number':
      return fitting(schema, [[0, 1, Number.MAX_SAFE_INTEGER, 0.25][number % 4], 1, 0, 100]);
    case 'boolean':
      return number % 2 === 0;
    case 'null':
      return null;
    case 'unknown':
      return { any: number };
    case 'enum': {
      const words = Object.values(definition.entries);
      return words[number % words.length];
    }
    case 'literal':
      return definition.values[number % definition.values.length];
    case 'object':
      return Object.fromEntries(
        Object.entries(definition.shape)
          .filter(([, member]) => !isOptional(member) || (number + depth) % 2 === 0)
          .map(([name, member], index) => [name, make(member, { number: number + index, depth: depth + 1 })]),
      );
    case 'array': {
      const few = depth > 8 ? [] : [make(definition.element, context), make(definition.element, inner)];
      return fitting(schema, number % 3 === 2 ? [[], few.slice(0, 1)] : [few, few.slice(0, 1)]);
    }
    case 'tuple':
      return definition.items.map((item) => make(item, inner));
    case 'record':
      return { size: make(definition.valueType, inner) };
    case 'union':
      return make(definition.options[number % definition.options.length], context);
    case 'optional':
    case 'readonly':
      return make(definition.innerType, context);
    case 'nullable':
      return number % 2 === 1 ? null : make(definition.innerType, context);
    case 'lazy':
      return make(definition.getter(), context);
    default:
      throw new Error(
        `samples know no schema of type ${definition.type}: add it to test/contract/samples.ts`,
      );
  }
}

function isOptional(schema: z.ZodType): boolean {
  return (schema._zod.def as unknown as Definition).type === 'optional';
}

function fitting(schema: z.ZodType, candidates: readonly unknown[]): unknown {
  const found = candidates.find((candidate) => schema.safeParse(candidate).success);
  if (found === undefined) throw new Error('no sample fits a schema: add one to test/contract/samples.ts');
  return found;
}
