import type { CommonChoices } from './command';
import type { CliEnvironment } from './environment';
import type { JsonDocument } from './jsonDocument';
import type { Screen } from './screen';
import type { VerbContext, Verbs } from './verbs';

/** Everything that a verb's run has at hand. */
export interface Run {
  readonly verbs: Verbs;
  readonly context: VerbContext;
  readonly common: CommonChoices;
  readonly environment: CliEnvironment;
  readonly screen: Screen;
  /** Present with --json: results go there instead of sentences. */
  readonly json: JsonDocument | undefined;
}

/** Prints a result in the form that was asked for, and the warnings in it that were not printed yet. */
export async function finish(
  run: Run,
  report: { readonly warnings: readonly string[] },
  text: string,
): Promise<undefined> {
  for (const warning of report.warnings) run.context.onWarning(warning);
  if (run.json !== undefined) await run.json.result(report);
  await run.screen.say(text);
  return undefined;
}
