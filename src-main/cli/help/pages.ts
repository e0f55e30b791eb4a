import type { WorkVerb } from '../command';
import { exitCodeTexts } from '../exitCodes';
import { isWorkVerb, mountVerbs } from '../grammar/commandLine';
import { imagexMountVerbs } from '../grammar/imagexSwitches';
import { suggestion } from '../grammar/nearest';
import { mountRefusal } from '../grammar/outcome';
import { commonOptions, optionTables, ownOptions } from '../grammar/optionTables';
import { UsageError } from '../usageError';
import { diskPage, diskSummary } from './diskPage';
import { driversPage, driversSummary } from './driversPage';
import { imagexPage } from './imagexPage';
import { optionList } from './optionList';
import { verbTexts } from './verbTexts';

const TEXT_WIDTH = 100;

/**
 * The text of `wimsmith help [TOPIC]`.
 * @param topic a verb, 'imagex', 'exit-codes', 'json', or null for the overview
 * @throws UsageError when there is no such page
 */
export function helpPage(topic: string | null, version: string): string {
  if (topic === null || topic === 'help') return overview(version);
  const name = topic.toLowerCase();
  if (name === 'imagex') return imagexPage;
  if (name === 'disk') return diskPage();
  if (name === 'drivers') return driversPage();
  if (name === 'exit-codes') return exitCodesPage();
  if (name === 'json') return jsonPage;
  const verb = name.replace(/^[-/]+/, '');
  if (isWorkVerb(verb)) return verbPage(verb);
  if (mountVerbs.includes(verb) || imagexMountVerbs.includes(verb)) return mountPage;
  const topics = [...Object.keys(verbTexts), 'disk', 'drivers', 'imagex', 'json', 'exit-codes', 'mount'];
  throw new UsageError(`there is no help on "${topic}"${suggestion(verb, topics)}`);
}

function overview(version: string): string {
  const summaries = (Object.keys(verbTexts) as WorkVerb[]).map(
    (verb) => [verb, verbTexts[verb].summary] as const,
  );
  const verbs = [...summaries, ['disk', diskSummary] as const, ['drivers', driversSummary] as const]
    .map(([verb, summary]) => `  ${verb.padEnd(10)}${summary}\n`)
    .join('');
  return `wimsmith ${version}: capture, append, inspect, edit and apply Windows images (WIM)

Usage:
  wimsmith VERB ARGUMENTS [OPTIONS]       as wimlib-imagex takes them
  wimsmith /VERB ARGUMENTS [/SWITCHES]    as ImageX takes them

Verbs:
${verbs}
Options of every verb:
${optionList(commonOptions)}
IMAGE is the index of an image, its name, or for some verbs "all".
Long options may be shortened and take their value after "=" or as the next argument.

Examples:
  wimsmith capture /mnt/c lab.wim "Lab 2026" "Windows with CAD" --check
  wimsmith /capture C: Z:\\lab.wim "Lab 2026" "Windows with CAD" /compress maximum /check
  wimsmith info lab.wim --json
  wimsmith apply lab.wim 1 /mnt/new

More: wimsmith help VERB, help imagex, help json, help exit-codes
`;
}

function verbPage(verb: WorkVerb): string {
  const { usage, summary, text, examples } = verbTexts[verb];
  const own = ownOptions[verb] ?? [];
  const also = optionTables[verb]
    .filter((spec) => spec.help === '' && !spec.names.includes('verbose'))
    .map((spec) => `--${spec.names[0]}`);
  return [
    `wimsmith ${verb}: ${summary}\n\nUsage:\n  wimsmith ${verb} ${usage}\n`,
    text === '' ? '' : `\n${text}\n`,
    `\nOptions:\n${optionList([...optionTables[verb], ...own])}`,
    `\nOptions of every verb:\n${optionList(commonOptions)}`,
    also.length === 0
      ? ''
      : `\nKnown from wimlib-imagex, and refused or done in another way here:\n${wrapped(also)}`,
    `\nExamples:\n${examples.map((example) => `  ${example}\n`).join('')}`,
  ].join('');
}

function wrapped(words: readonly string[]): string {
  let text = ' ';
  let column = 1;
  for (const word of words) {
    if (column + word.length + 1 > TEXT_WIDTH) {
      text += '\n ';
      column = 1;
    }
    text += ` ${word}`;
    column += word.length + 1;
  }
  return `${text}\n`;
}

function exitCodesPage(): string {
  const rows = exitCodeTexts.map(([code, meaning]) => `  ${String(code).padStart(3)}  ${meaning}\n`).join('');
  return `Exit codes of wimsmith:\n\n${rows}`;
}

const mountPage = `wimsmith mount, unmount:
${mountRefusal}.

Instead of mounting, changing and committing:
  wimsmith dir lab.wim 1 --path=/Windows                     what is there
  wimsmith extract lab.wim 1 /Windows/win.ini --dest-dir=.   read it
  wimsmith update lab.wim 1 --command="add win.ini /Windows/win.ini"

More: wimsmith help extract, help update
`;

const jsonPage = `wimsmith ... --json

One JSON document on standard output, the same for every verb:

  {"verb": "info", "result": {...}, "ok": true}
  {"verb": "info", "ok": false, "error": {"code": "io/not-found", "message": "...", "hint": "...",
   "facts": {...}, "exitCode": 4}}

"warnings" is an array of sentences, present when there are any. A run that has a result and an error
has both: verify with faults, capture of files that changed while they were read.
"ok" comes last: listings (dir) are written while they are read.
When standard output carries a WIM ("-") or file data (--to-stdout), the document goes to standard error.

--progress=json writes lines to standard error, at most ten a second:

  {"progress": {"phase": "Archiving", "filesDone": 3, "filesTotal": 9, "bytesDone": 1024, "bytesTotal": 4096}}

Sizes are bytes, times ISO 8601, hashes hexadecimal.
`;
