import path from 'node:path';
import { IntlMessageFormat } from 'intl-messageformat';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { english, type MessageKey } from '../../../../src-renderer/i18n/catalogue';
import { german } from '../../../../src-renderer/i18n/german';

const renderer = path.resolve(__dirname, '../../../../src-renderer');
const keys = Object.keys(english) as MessageKey[];
const languages = [
  { name: 'English', tag: 'en', catalogue: english },
  { name: 'German', tag: 'de', catalogue: german },
] as const;

/** A call of the translating function: what its key can be, and the names of the values that go with it. */
interface Call {
  readonly place: string;
  readonly keys: readonly MessageKey[];
  /** undefined: not told in the call itself. */
  readonly values: ReadonlySet<string> | undefined;
}

interface Found {
  /** Texts of the sources, and what their templates can come to. */
  readonly used: ReadonlySet<string>;
  readonly calls: readonly Call[];
}

describe('the catalogue', () => {
  const found = readSources();

  it('has no text that nothing shows', () => {
    const unused = keys.filter((key) => !found.used.has(key));
    expect(unused).toEqual([]);
  });

  it('has every text that is asked for', () => {
    const dead = found.calls.filter(({ keys: possible }) => possible.length === 0).map(({ place }) => place);
    expect(dead).toEqual([]);
    expect(found.calls.length).toBeGreaterThan(500);
  });

  it('is given the values that its texts name', () => {
    const missing = found.calls.flatMap(({ place, keys: possible, values }) => {
      if (values === undefined) return [];
      return possible.flatMap((key) =>
        [...placeholders(english[key], 'en')]
          .filter((placeholder) => !values.has(placeholder.split(':')[0]))
          .map((placeholder) => `${place}: ${key} wants ${placeholder}`),
      );
    });
    expect(missing).toEqual([]);
  });

  it.each(languages)('is well-formed in $name, with nothing left open', ({ tag, catalogue }) => {
    for (const key of keys) {
      const values = Object.fromEntries(
        [...placeholders(catalogue[key], tag)].map((placeholder) => {
          const [name, kind] = placeholder.split(':');
          return [name, kind === 'text' ? 'Text' : 2];
        }),
      );
      const text = String(message(catalogue[key], tag).format(values));
      expect(text, key).not.toMatch(/[{}]|undefined|NaN/);
      expect(text, key).toBe(text.trim());
    }
  });

  it('names the same values in German', () => {
    const others = keys.filter(
      (key) =>
        [...placeholders(english[key], 'en')].sort().join() !==
        [...placeholders(german[key], 'de')].sort().join(),
    );
    expect(others.map((key) => `${key}: ${english[key]} | ${german[key]}`)).toEqual([]);
  });

  it('speaks as the workbench speaks', () => {
    const loud = keys.filter((key) =>
      /!|\bplease\b|success|\bbitte\b|erfolgreich/i.test(`${english[key]} ${german[key]}`),
    );
    expect(loud).toEqual([]);
    // A menu entry or a button that asks for more ends in an ellipsis of one character.
    expect(keys.filter((key) => /\.\.\./.test(english[key] + german[key]))).toEqual([]);
  });

  it('ends sentences in German where it does in English', () => {
    // An abbreviation has a full stop, too.
    const unlike = keys.filter(
      (key) => ending(english[key]) !== ending(german[key]) && german[key] !== 'Nr.',
    );
    expect(unlike.map((key) => `${key}: ${english[key]} | ${german[key]}`)).toEqual([]);
  });
});

/** The mark at the end of a text: a full stop, an ellipsis, a colon, a question mark, or none. */
function ending(text: string): string {
  return /[.…:?]\s*\}*$/.exec(text)?.[0].charAt(0) ?? '';
}

function message(text: string, tag: string): IntlMessageFormat {
  return new IntlMessageFormat(text, tag, undefined, { ignoreTag: true });
}

type Element = ReturnType<IntlMessageFormat['getAst']>[number];

/** Names of the values in a message, each with whether it is a text or a number. */
function placeholders(text: string, tag: string): Set<string> {
  const names = new Set<string>();
  const walk = (elements: readonly Element[]): void => {
    for (const element of elements) {
      if ('options' in element) {
        names.add(`${element.value}:number`);
        for (const { value } of Object.values(element.options)) walk(value);
      } else if ('style' in element) {
        names.add(`${element.value}:number`);
      } else if ('value' in element && isArgument(element)) {
        names.add(`${element.value}:text`);
      }
    }
  };
  walk(message(text, tag).getAst());
  // A value that is counted and also shown is a number.
  for (const name of [...names]) {
    const [word, kind] = name.split(':');
    if (kind === 'text' && names.has(`${word}:number`)) names.delete(name);
  }
  return names;
}

/** The parser's number for a plain argument. */
const ARGUMENT = 1;

function isArgument({ type }: Element): boolean {
  return (type as number) === ARGUMENT;
}

/** Reads all of the renderer but the catalogues themselves, with the types that the compiler knows. */
function readSources(): Found {
  const config = ts.readConfigFile(path.join(renderer, 'tsconfig.json'), (file) => ts.sys.readFile(file));
  const { fileNames, options } = ts.parseJsonConfigFileContent(config.config, ts.sys, renderer);
  const program = ts.createProgram(fileNames, { ...options, noEmit: true });
  const checker = program.getTypeChecker();
  const used = new Set<string>();
  const calls: Call[] = [];
  const sources = program
    .getSourceFiles()
    .filter(({ fileName }) => fileName.startsWith(renderer) && !/i18n\/(en|de)\//.test(fileName));
  for (const source of sources) {
    const visit = (node: ts.Node): void => {
      if (ts.isStringLiteralLike(node)) used.add(node.text);
      if (ts.isTemplateExpression(node)) {
        // Where the compiler knows only a text, a key has the form of the template.
        const form = formOf(node);
        const possible = keysOf(checker.getTypeAtLocation(node)) ?? keys.filter((key) => form?.test(key));
        for (const key of possible) used.add(key);
      }
      if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 't') {
        const possible = keysOf(checker.getTypeAtLocation(node.arguments[0]));
        const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
        const place = `${path.relative(renderer, source.fileName)}:${line}`;
        if (possible !== undefined)
          calls.push({ place, keys: possible, values: valueNames(node.arguments.at(1)) });
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return { used, calls };
}

/** The keys that a type allows; undefined where it is any key, or no key. */
function keysOf(type: ts.Type): MessageKey[] | undefined {
  const members = type.isUnion() ? type.types : [type];
  const texts = members.flatMap((member) => (member.isStringLiteral() ? [member.value] : []));
  if (texts.length !== members.length || texts.length === keys.length) return undefined;
  return keys.filter((key) => texts.includes(key));
}

/** Texts of a template that begins as keys do; a variable stands for what has no full stop. */
function formOf({ head, templateSpans }: ts.TemplateExpression): RegExp | undefined {
  if (!/^[a-z]+\.$|^[a-z]+\.[\w.]+\.$/.test(head.text)) return undefined;
  const escaped = (text: string): string => text.replaceAll('.', '\\.');
  return new RegExp(
    `^${escaped(head.text)}${templateSpans.map(({ literal }) => `[^.]+${escaped(literal.text)}`).join('')}$`,
  );
}

/** Names in the object of values; undefined where it is made elsewhere. */
function valueNames(node: ts.Expression | undefined): Set<string> | undefined {
  if (node === undefined) return new Set();
  if (!ts.isObjectLiteralExpression(node)) return undefined;
  const names = new Set<string>();
  for (const property of node.properties) {
    if (ts.isSpreadAssignment(property)) return undefined;
    if (property.name !== undefined && ts.isIdentifier(property.name)) names.add(property.name.text);
  }
  return names;
}
