/** How arguments are quoted: for a POSIX shell, or for cmd.exe. */
export type ShellStyle = 'posix' | 'windows';

/** Something a person must know before typing the line. Words for each are the window's. */
export type LineNoteKey =
  /** wimscript.ini in the line stands for a file with the job's exclusions. */
  | 'configFile'
  /** sources.txt in the line stands for a file with the job's list of sources. */
  | 'sourceList'
  /** commands.txt in the line stands for a file with the job's edits. */
  | 'updateCommands'
  /** paths.txt in the line stands for a file with the job's paths. */
  | 'pathList'
  /** The line replaces an existing file without asking; the job would not. */
  | 'overwrites'
  /** The data of the deleted image stays in the file, which does not get smaller. */
  | 'deleteKeepsData'
  /** Parts are counted in whole megabytes here. */
  | 'roundedSize'
  /** Checking what is read and writing an integrity table go together here. */
  | 'checkDoesBoth'
  /** layout.json in the line stands for a file with the job's layout. */
  | 'layoutFile'
  /** V: or W: stands for the volume: the tool needs it attached, with a drive letter. */
  | 'driveLetter'
  /** The number is the one the disk has here and now: it has to be looked up again. */
  | 'diskNumber'
  /** The lines are a script, run by `diskpart /s` with administrator rights. */
  | 'diskpartRun'
  /** devices.txt in the line stands for a file with the job's list of devices. */
  | 'deviceList'
  /** C:\\mount stands for an empty folder where the image is mounted meanwhile. */
  | 'mountFolder'
  /** A .zip or .cab has to be unpacked first, into a folder of its name. */
  | 'unpackFirst'
  /** The tool adds everything that it finds in the folders. */
  | 'addsAll'
  /** `settings` of the job have no counterpart in the line. */
  | 'leftOut';

export interface LineNote {
  readonly key: LineNoteKey;
  /** leftOut: names of fields of the request. */
  readonly settings?: readonly string[];
}

/** Why a tool cannot do the job. */
export type LineReason =
  | 'noVerb'
  | 'lzms'
  | 'solid'
  | 'sourceList'
  | 'delta'
  | 'pipable'
  | 'allImages'
  | 'nameLooksLikeSwitch'
  | 'imageName'
  | 'path'
  | 'lineBreak'
  | 'properties'
  | 'needsName'
  | 'references'
  | 'updateOf'
  | 'rawDisk'
  | 'sizes';

/** The job as a line of a tool, or why there is none. */
export type CommandLine =
  | { readonly line: string; readonly notes: readonly LineNote[] }
  | { readonly line: null; readonly reason: LineReason };

/** The tool cannot do it. */
export class NoLine extends Error {
  constructor(readonly reason: LineReason) {
    super(reason);
    this.name = 'NoLine';
  }
}

/** Gathers the words and notes of one line. */
export class LineBuilder {
  private readonly words: string[] = [];
  private readonly notes: LineNote[] = [];
  private readonly leftOut: string[] = [];

  /** @param quote makes an argument safe for the shell @throws NoLine from it when that cannot be done */
  constructor(
    program: string,
    private readonly quote: (argument: string) => string,
  ) {
    this.words.push(program);
  }

  /** Adds an argument. */
  add(...args: readonly string[]): this {
    for (const argument of args) this.words.push(this.quote(argument));
    return this;
  }

  /** Adds a switch whose value follows its name directly: only the value is quoted. */
  value(prefix: string, value: string): this {
    this.words.push(prefix + this.quote(value));
    return this;
  }

  /** Adds text that is not an argument, such as a redirection. */
  raw(text: string): this {
    this.words.push(text);
    return this;
  }

  addIf(condition: boolean | undefined, ...args: readonly string[]): this {
    return condition === true ? this.add(...args) : this;
  }

  note(key: LineNoteKey, condition = true): this {
    if (condition && !this.notes.some((note) => note.key === key)) this.notes.push({ key });
    return this;
  }

  /** Names fields of the request that are set and that the line cannot say. */
  omit(request: object, names: readonly string[]): this {
    for (const [name, value] of Object.entries(request)) {
      if (names.includes(name) && value !== undefined && value !== false && value !== 0)
        this.leftOut.push(name);
    }
    return this;
  }

  done(): CommandLine {
    const notes =
      this.leftOut.length === 0
        ? this.notes
        : [...this.notes, { key: 'leftOut' as const, settings: this.leftOut }];
    return { line: this.words.join(' '), notes };
  }
}

/** Runs what builds a line; its {@link NoLine} becomes the answer. */
export function lineOrReason(build: () => LineBuilder): CommandLine {
  try {
    return build().done();
  } catch (error) {
    if (error instanceof NoLine) return { line: null, reason: error.reason };
    throw error;
  }
}

/** The last part of a path: what an image is called when nobody names it. */
export function lastPart(path: string): string {
  return (
    path
      .split(/[\\/]/)
      .filter((part) => part !== '')
      .at(-1) ?? path
  );
}

/** Where a tool that knows no disk files finds the volume of one: behind a drive letter. Undefined for a folder. */
export function driveLetter(
  line: LineBuilder,
  request: { readonly volume?: string; readonly prepare?: object },
): string | undefined {
  if (request.volume === undefined && request.prepare === undefined) return undefined;
  line.note('driveLetter');
  return request.prepare === undefined ? 'V:\\' : 'W:\\';
}
