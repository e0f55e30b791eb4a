import { ALL_IMAGES, type ImageChoice } from '../../../src-shared/model/requests';
import type { WorkVerb } from '../command';
import { UsageError } from '../usageError';
import type { GivenOption } from './options';
import { optionTables } from './optionTables';
import { refuseImageXWords } from './suspectWords';
import { parseImage } from './values';

/** The options of a line, asked for by name. */
export interface OptionReader {
  readonly verb: string;
  has(name: string): boolean;
  last(name: string): string | undefined;
  usage(message: string): UsageError;
}

/** The options and operands of one command line, asked for by name. */
export class ArgumentReader implements OptionReader {
  readonly notes: string[] = [];
  readonly refusals: string[] = [];

  constructor(
    readonly verb: WorkVerb,
    readonly options: readonly GivenOption[],
    readonly operands: readonly string[],
  ) {}

  has(name: string): boolean {
    return this.options.some((option) => option.name === name);
  }

  /** Value of the last option with that name. */
  last(name: string): string | undefined {
    return this.options.findLast((option) => option.name === name)?.value;
  }

  all(name: string): string[] {
    return this.options.filter((option) => option.name === name).map((option) => option.value);
  }

  /** Checks the number of operands. `names` describes them for the message. */
  expect(minimum: number, maximum: number, names: string): void {
    const count = this.operands.length;
    if (count >= minimum && count <= maximum) return;
    const problem = count < minimum ? 'too few arguments' : 'too many arguments';
    throw new UsageError(`${problem}: wimsmith ${this.verb} ${names}`, this.verb);
  }

  /** Refuses switches of ImageX where names stand: they would be stored as such. */
  refuseSwitches(...words: readonly (string | undefined)[]): void {
    const options = optionTables[this.verb].filter(({ help }) => help !== '').flatMap(({ names }) => names);
    refuseImageXWords(words, options, this.verb);
  }

  usage(message: string): UsageError {
    return new UsageError(message, this.verb);
  }

  /** Refuses two options that contradict each other. */
  exclusive(one: string, other: string): void {
    if (this.has(one) && this.has(other)) throw this.usage(`--${one} and --${other} exclude each other`);
  }

  /** An image argument; `all` is refused. */
  singleImage(text: string): ImageChoice {
    const image = parseImage(text);
    if (image === ALL_IMAGES) throw this.usage(`${this.verb} takes one image, not all of them`);
    return image;
  }
}
