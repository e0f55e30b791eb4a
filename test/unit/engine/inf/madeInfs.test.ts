import fc from 'fast-check';
import iconv from 'iconv-lite';
import { expect, it } from 'vitest';
import { parseInf } from '../../../../src-main/engine/inf/parseInf';

/** An INF that is made: what it says. */
interface Made {
  readonly provider: string;
  readonly className: string;
  readonly date: readonly [number, number, number];
  readonly version: readonly number[];
  readonly manufacturers: readonly {
    readonly name: string;
    readonly sections: readonly {
      readonly decoration: string;
      readonly models: readonly {
        readonly description: string;
        readonly install: string;
        readonly identifiers: readonly string[];
      }[];
    }[];
  }[];
}

type Encoding =
  'utf8' | 'utf8-bom' | 'utf16le' | 'utf16le-bom' | 'utf16be' | 'utf16be-bom' | 'win1251' | 'win1252';

const letters: Readonly<Record<Encoding, string>> = {
  utf8: 'aZ09_éЖ株𝄞',
  'utf8-bom': 'aZ09_éЖ株𝄞',
  utf16le: 'aZ09_éЖ株𝄞',
  'utf16le-bom': 'aZ09_éЖ株𝄞',
  utf16be: 'aZ09_éЖ株𝄞',
  'utf16be-bom': 'aZ09_éЖ株𝄞',
  win1251: 'aZ09_яжщюб',
  win1252: 'aZ09_éüßñ',
};

function bytesOf(text: string, encoding: Encoding): Uint8Array {
  const marked = encoding.endsWith('-bom') ? `\ufeff${text}` : text;
  if (encoding.startsWith('win')) return iconv.encode(text, encoding);
  if (encoding.startsWith('utf8')) return Buffer.from(marked, 'utf8');
  const little = Buffer.from(marked, 'utf16le');
  return encoding.startsWith('utf16le') ? little : little.swap16();
}

const decorations = ['NTamd64', 'NTamd64.10.0', 'NTx86.6.1', 'NTarm64.10.0...17763', 'NT.6.0'];

function madeIn(encoding: Encoding): fc.Arbitrary<Made> {
  const unit = fc.constantFrom(...Array.from(`${letters[encoding]} ";,%\\=[]&.'`));
  const text = fc.string({ unit, minLength: 1, maxLength: 14 });
  const name = fc.string({ unit: fc.constantFrom(...Array.from('abcXYZ019_.')), minLength: 1, maxLength: 8 });
  const model = fc.record({
    description: text,
    install: name,
    identifiers: fc.array(text, { minLength: 1, maxLength: 4 }),
  });
  const section = fc.record({
    decoration: fc.constantFrom(...decorations),
    models: fc.array(model, { maxLength: 4 }),
  });
  return fc.record({
    provider: text,
    className: text,
    date: fc.tuple(
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 28 }),
      fc.integer({ min: 1990, max: 2030 }),
    ),
    version: fc.array(fc.integer({ min: 0, max: 65535 }), { minLength: 1, maxLength: 4 }),
    manufacturers: fc.array(
      fc.record({
        name: text,
        sections: fc.uniqueArray(section, { minLength: 1, maxLength: 3, selector: (one) => one.decoration }),
      }),
      { maxLength: 3 },
    ),
  });
}

/** What needs no quotation marks. */
const plainText = /^[\p{L}\p{N}_.&'](?:[\p{L}\p{N}_.&' ]*[\p{L}\p{N}_.&'])?$/u;

/** Writes an INF in one of the many ways that mean the same; `choose(n)` gives 0 to n-1. */
class Writer {
  private readonly sections: string[] = [];
  /** Second parts of sections that are written in two. */
  private readonly later: string[] = [];
  private readonly strings: string[] = [];

  constructor(private readonly choose: (options: number) => number) {}

  private blank(): string {
    return ['', '', ' ', '\t', ' \t '][this.choose(5)];
  }

  private quoted(text: string): string {
    return `"${text.replaceAll('"', '""').replaceAll('%', '%%')}"`;
  }

  private value(text: string): string {
    switch (this.choose(4)) {
      case 0:
        if (plainText.test(text)) return text;
        return this.quoted(text);
      case 1: {
        // A text that holds percent signs is no text of a token: Windows reads it once only, and does not halve them.
        const key = `key${this.strings.length}`;
        this.strings.push(`${key} = "${text.replaceAll('"', '""')}"`);
        return `%${this.choose(2) === 0 ? key : key.toUpperCase()}%`;
      }
      case 2: {
        // Quotation marks around a part of it.
        const units = Array.from(text);
        const at = this.choose(units.length + 1);
        const [quoted, rest] = [units.slice(0, at).join(''), units.slice(at).join('')];
        return plainText.test(rest) ? this.quoted(quoted) + rest : this.quoted(text);
      }
      default:
        return this.quoted(text);
    }
  }

  private list(values: readonly string[]): string {
    const between = (): string => {
      const continued = ['', '', '', ' \\\n', '\\ ; goes on\n', ' \\ \\\n'][this.choose(6)];
      return `${this.blank()},${continued}${this.blank()}`;
    };
    return values.map((value, i) => (i === 0 ? '' : between()) + this.value(value)).join('');
  }

  private comment(): string {
    return ['', '', '', ' ; "note, 100%', '\t;', ' ;\\'][this.choose(6)];
  }

  private section(name: string, lines: readonly string[]): void {
    const cased = [name, name.toUpperCase(), name.toLowerCase()][this.choose(3)];
    const cut = this.choose(4) === 0 ? this.choose(lines.length + 1) : lines.length;
    const written = (part: readonly string[]): string =>
      [
        `${this.blank()}[${cased}]${this.comment()}`,
        ...part.map((line) => this.blank() + line + this.comment()),
      ].join('\n');
    this.sections.push(written(lines.slice(0, cut)));
    if (cut < lines.length) this.later.push(written(lines.slice(cut)));
  }

  write(made: Made): string {
    this.section('Version', [
      'Signature = "$Windows NT$"',
      `Class${this.blank()}=${this.blank()}${this.value(made.className)}`,
      `Provider=${this.value(made.provider)}`,
      `DriverVer = ${made.date.map((part, i) => String(part).padStart(i < 2 ? this.choose(2) + 1 : 4, '0')).join('/-'[this.choose(2)])},${made.version.join('.')}`,
    ]);
    this.section(
      'Manufacturer',
      made.manufacturers.map(
        ({ name, sections }, i) =>
          `${this.value(name)}${this.blank()}=${this.blank()}${this.list([`Mfg${i}`, ...sections.map((one) => one.decoration)])}`,
      ),
    );
    for (const [i, { sections }] of made.manufacturers.entries())
      for (const { decoration, models } of sections)
        this.section(
          `Mfg${i}.${decoration}`,
          models.map(
            ({ description, install, identifiers }) =>
              `${this.value(description)}=${this.list([install, ...identifiers])}`,
          ),
        );
    const version = this.sections.shift() ?? '';
    if (this.choose(2) === 0) this.sections.reverse();
    this.section('Strings', this.strings);
    const note = '; a made INF, and a comment that is long enough to show what the encoding is';
    const text = [note, version, ...this.sections, ...this.later].join('\n\n');
    const ended = this.choose(2) === 0 ? `${text}\n` : text;
    return this.choose(2) === 0 ? ended.replaceAll('\n', '\r\n') : ended;
  }
}

it('what was written in any of its forms and encodings is read again', () => {
  const encodings = Object.keys(letters) as Encoding[];
  const seed = Date.now() % 2 ** 31;
  console.log(`seed ${seed}`);
  fc.assert(
    fc.property(
      fc.constantFrom(...encodings).chain((encoding) => fc.tuple(fc.constant(encoding), madeIn(encoding))),
      fc.infiniteStream(fc.nat({ max: 1 << 20 })),
      ([encoding, made], numbers) => {
        const writer = new Writer((options) => Number(numbers.next().value) % options);
        const text = writer.write(made);
        const bytes = bytesOf(encoding === 'win1251' ? `${text}\n[Strings.0419]\nx=я` : text, encoding);
        const inf = parseInf(bytes, 'made.inf');
        const [month, day, year] = made.date;
        const two = (part: number): string => String(part).padStart(2, '0');
        expect({
          provider: inf.provider,
          className: inf.className,
          date: inf.date,
          version: inf.version,
          models: inf.models.map(({ manufacturer, section, decoration, models }) => ({
            manufacturer,
            section: section.toLowerCase(),
            decoration: decoration?.text,
            models: models.map(({ description, install, identifiers }) => ({
              description,
              install,
              identifiers,
            })),
          })),
        }).toEqual({
          provider: made.provider,
          className: made.className,
          date: `${year}-${two(month)}-${two(day)}`,
          version: [...made.version, 0, 0, 0].slice(0, 4).join('.'),
          models: made.manufacturers.flatMap(({ name, sections }, i) =>
            sections.map(({ decoration, models }) => ({
              manufacturer: name,
              section: `mfg${i}.${decoration.toLowerCase()}`,
              decoration,
              models,
            })),
          ),
        });
      },
    ),
    { seed, numRuns: 400 },
  );
});
