import { type InfRemarks, shown } from './remarks';

/** The texts that an INF's %tokens% stand for. */
export interface InfStrings {
  /** Text of a key, case ignored; undefined where no section has it. */
  text(key: string): string | undefined;
  /** LANGIDs of the INF's [Strings.LanguageId] sections. */
  readonly languages: readonly number[];
}

/** Reads the strings of one section: keys in lower case. */
type ReadStrings = (section: string) => ReadonlyMap<string, string>;

const ENGLISH = 0x0409;
/** Longest value after its tokens are replaced; Windows 10 cuts it there. */
const LONGEST_VALUE = 4096;
/** Characters that replaced tokens of one INF may come to: a hostile one multiplies itself. */
const MOST_EXPANDED = 1 << 26;

/**
 * Windows takes one section: that of the wanted language, else of its primary language without a region, else of
 * any region of it, else [Strings]. Here a key that this section lacks is looked for in the others, too: [Strings],
 * then English, then the rest, so that a name is there to show.
 * @param names section names of the INF in lower case
 * @param language wanted LANGID; undefined: [Strings] comes first
 */
export function chooseStrings(names: Iterable<string>, read: ReadStrings, language?: number): InfStrings {
  const languages: number[] = [];
  const order: string[] = [];
  for (const name of names) {
    const id = name.startsWith('strings.') ? languageOf(name) : undefined;
    if (id !== undefined) languages.push(id);
  }
  if (languages.length === 0) order.push('strings');
  else {
    const better = (id: number): number => {
      if (language !== undefined) {
        if (id === language) return 0;
        if (id === (language & 0x3ff)) return 1;
        if ((id & 0x3ff) === (language & 0x3ff)) return 2;
      }
      return id === ENGLISH ? 4 : 5;
    };
    const sorted = [...languages].sort((a, b) => better(a) - better(b));
    const before = sorted.filter((id) => better(id) < 3);
    const after = sorted.filter((id) => better(id) > 3);
    const nameOf = (id: number): string => `strings.${id.toString(16).padStart(4, '0')}`;
    order.push(...before.map(nameOf), 'strings', ...after.map(nameOf));
  }
  const maps: ReadonlyMap<string, string>[] = [];
  return {
    languages,
    text(key) {
      const wanted = key.toLowerCase();
      for (let i = 0; i < order.length; i++) {
        const text = (maps[i] ??= read(order[i])).get(wanted);
        if (text !== undefined) return text;
      }
      return undefined;
    },
  };
}

function languageOf(section: string): number | undefined {
  const digits = section.slice('strings.'.length);
  return /^[0-9a-f]{4}$/.test(digits) ? Number.parseInt(digits, 16) : undefined;
}

/** Replaces the tokens in an INF's values. */
export class TokenExpander {
  private expanded = 0;
  private full = false;

  constructor(
    private readonly strings: InfStrings,
    private readonly remarks: InfRemarks,
  ) {}

  /**
   * Replaces `%key%` by its text, once (texts are not looked through again), and '%%' by '%'. A token without a text
   * stays as it is, as Windows does it, and is told, unless it is a number (the DIRID of a folder).
   * @param line for remarks
   */
  expand(value: string, line: number): string {
    let percent = value.indexOf('%');
    if (percent < 0) return value;
    let result = '';
    let from = 0;
    while (percent >= 0) {
      const close = value.indexOf('%', percent + 1);
      if (close < 0) break;
      const key = value.slice(percent + 1, close);
      const text = key === '' ? '%' : this.textOf(key, line);
      if (text !== undefined) {
        // A value that is one token is the common case, and needs no copy.
        if (percent === 0 && close === value.length - 1) return text;
        result += value.slice(from, percent) + text;
        from = close + 1;
        this.expanded += text.length;
        if (this.expanded > MOST_EXPANDED) {
          if (!this.full)
            this.remarks.error('its texts repeat too often: from here on they are not filled in', line);
          this.full = true;
          return value;
        }
        if (result.length > LONGEST_VALUE) {
          this.remarks.warning(
            `${shown(value)} is longer than ${LONGEST_VALUE} characters with its texts`,
            line,
          );
          return result.slice(0, LONGEST_VALUE);
        }
      }
      // The sign that closes an unknown token opens no other.
      percent = value.indexOf('%', close + 1);
    }
    return result + value.slice(from);
  }

  private textOf(key: string, line: number): string | undefined {
    const text = this.strings.text(key);
    if (text === undefined && !/^-?[0-9]+$/.test(key))
      this.remarks.incomplete(`no [Strings] section defines %${shown(key)}%`, line);
    return text;
  }
}
