import type { OptionSpec } from '../grammar/options';

/** Options with what they are for, one on a line; those that help does not list are left out. */
export function optionList(specs: readonly OptionSpec[]): string {
  const rows = specs
    .filter((spec) => spec.help !== '')
    .map(
      (spec) => [`--${spec.names[0]}${spec.value === undefined ? '' : `=${spec.value}`}`, spec.help] as const,
    );
  return rows.map(([name, help]) => `  ${name.padEnd(30)} ${help}\n`).join('');
}
