import { UsageError } from '../usageError';
import type { GivenOption } from './options';
import type { OptionReader } from './reader';

/** Options and operands of a line that has a verb and a task: `wimsmith drivers scan ...`. */
export class TaskArguments implements OptionReader {
  /**
   * @param verb whose help page is named in errors
   * @param usage how the line goes on after the task
   */
  constructor(
    readonly verb: string,
    private readonly task: string,
    private readonly usageText: string,
    private readonly options: readonly GivenOption[],
    readonly operands: readonly string[],
  ) {}

  has(name: string): boolean {
    return this.options.some((option) => option.name === name);
  }

  /** Value of the last option with that name. */
  last(name: string): string | undefined {
    return this.options.findLast((option) => option.name === name)?.value;
  }

  /** Values of all options with that name. @throws UsageError for an empty one */
  all(name: string): string[] {
    const values = this.options.filter((option) => option.name === name).map(({ value }) => value);
    if (values.includes('')) throw this.usage(`--${name} needs a value`);
    return values;
  }

  /** Value of an option that must not be empty. */
  text(name: string): string | undefined {
    return this.all(name).at(-1);
  }

  usage(message: string): UsageError {
    return new UsageError(message, this.verb);
  }

  /** Checks the number of operands. */
  expect(minimum: number, maximum = minimum): void {
    const count = this.operands.length;
    if (count >= minimum && count <= maximum) return;
    const problem = count < minimum ? 'too few arguments' : 'too many arguments';
    throw this.usage(`${problem}: wimsmith ${this.verb} ${this.task} ${this.usageText}`.trimEnd());
  }

  exclusive(one: string, other: string): void {
    if (this.has(one) && this.has(other)) throw this.usage(`--${one} and --${other} exclude each other`);
  }

  oneOf<T extends string>(name: string, choices: readonly T[]): T | undefined {
    const value = this.last(name);
    if (value === undefined) return undefined;
    const found = choices.find((choice) => choice === value.toLowerCase());
    if (found === undefined) throw this.usage(`--${name} takes ${choices.join(', ')}, not "${value}"`);
    return found;
  }
}
