import type { WorkVerb } from '../command';

/** What help says of a verb beside its options. */
export interface VerbText {
  readonly summary: string;
  readonly usage: string;
  /** Paragraph below the usage; '' when there is nothing to add. */
  readonly text: string;
  readonly examples: readonly string[];
}

export const verbTexts: Readonly<Record<WorkVerb, VerbText>> = {
  capture: {
    summary: 'capture a directory to a new WIM',
    usage: 'SOURCE WIM [NAME [DESCRIPTION]] [OPTIONS]',
    text: `An existing WIM is replaced when the new one is complete. "-" as WIM writes a pipable one to standard output.
NAME is the last part of SOURCE when it is left out. The default compression is LZX.`,
    examples: [
      'wimsmith capture /mnt/c lab.wim "Lab 2026" "Windows with CAD" --check',
      'wimsmith capture /mnt/c lab.wim --compress=fast --config=wimscript.ini --flags=Professional',
      'wimsmith capture /mnt/c - | ssh server "cat > lab.wim"',
      'wimsmith /capture C: Z:\\lab.wim "Lab 2026" "Windows with CAD" /compress maximum',
    ],
  },
  append: {
    summary: 'add an image of a directory to a WIM',
    usage: 'SOURCE WIM [NAME [DESCRIPTION]] [OPTIONS]',
    text: 'What the WIM holds already is not stored again. The WIM keeps its compression.',
    examples: [
      'wimsmith append /mnt/c lab.wim "Lab with Office"',
      'wimsmith append /home nightly.wim --create --update-of=-1',
      'wimsmith /append C: Z:\\lab.wim "Lab with Office"',
    ],
  },
  apply: {
    summary: 'write an image to a directory',
    usage: 'WIM [IMAGE] TARGET [OPTIONS]',
    text: `IMAGE may be left out when there is one; "all" makes a directory for each.
"-" as WIM reads a pipable one from standard input.`,
    examples: [
      'wimsmith apply lab.wim 1 /mnt/new',
      'wimsmith apply lab.swm 1 /mnt/new --ref="lab*.swm"',
      'wimsmith /apply Z:\\lab.wim 1 D:',
    ],
  },
  delete: {
    summary: 'delete an image from a WIM',
    usage: 'WIM IMAGE [OPTIONS]',
    text: '',
    examples: [
      'wimsmith delete lab.wim 2',
      'wimsmith delete lab.wim "Lab with Office" --soft',
      'wimsmith /delete lab.wim 2',
    ],
  },
  dir: {
    summary: 'list the files of an image',
    usage: 'WIM [IMAGE] [OPTIONS]',
    text: '',
    examples: [
      'wimsmith dir lab.wim 1 --path=/Windows/System32/drivers',
      'wimsmith dir lab.wim 1 --path=/bootmgr --detailed --one-file-only',
      'wimsmith /dir lab.wim 1',
    ],
  },
  export: {
    summary: 'copy an image to another WIM',
    usage: 'WIM IMAGE DESTINATION [NAME [DESCRIPTION]] [OPTIONS]',
    text: 'A DESTINATION that exists receives the image; data is copied as it is unless another compression is asked for.',
    examples: [
      'wimsmith export lab.wim 1 boot.wim --boot',
      'wimsmith export lab.wim all small.wim --compress=maximum --recompress',
      'wimsmith /export lab.wim 1 other.wim "Lab"',
    ],
  },
  extract: {
    summary: 'read files out of an image',
    usage: 'WIM IMAGE [PATH | @LISTFILE]... [OPTIONS]',
    text: `PATH may hold * and ?. @LISTFILE names a file with a path on each line, "@-" standard input.
Without paths: the whole image.`,
    examples: [
      'wimsmith extract lab.wim 1 /Windows/System32/notepad.exe --dest-dir=/tmp',
      'wimsmith extract lab.wim 1 "/Windows/Fonts/*.ttf" --preserve-dir-structure',
      'wimsmith extract lab.wim 1 /setup.log --to-stdout',
    ],
  },
  info: {
    summary: 'show what a WIM holds; rename images, choose the one that boots',
    usage: 'WIM [IMAGE [NEW_NAME [NEW_DESCRIPTION]]] [OPTIONS]',
    text: 'Image 0 with --boot: no image boots.',
    examples: [
      'wimsmith info lab.wim',
      'wimsmith info lab.wim 2 "Lab with Office" "Office 2024" --boot',
      'wimsmith info lab.wim --extract-xml=lab.xml',
      'wimsmith /info lab.wim 2 "Lab with Office"',
    ],
  },
  join: {
    summary: 'make one WIM from the parts of a split one',
    usage: 'OUTPUT_WIM PART... [OPTIONS]',
    text: '',
    examples: ['wimsmith join lab.wim lab*.swm'],
  },
  optimize: {
    summary: 'write a WIM anew without dead space, or in another compression',
    usage: 'WIM [OPTIONS]',
    text: 'Data is copied as it is unless --recompress, or another compression, is asked for.',
    examples: ['wimsmith optimize lab.wim', 'wimsmith optimize lab.wim --compress=lzx:100 --check'],
  },
  split: {
    summary: 'split a WIM into parts of a given size',
    usage: 'WIM FIRST_PART PART_SIZE_MB [OPTIONS]',
    text: 'The parts are FIRST_PART, then the same name with 2, 3 and so on before its ending.',
    examples: ['wimsmith split lab.wim lab.swm 4000', 'wimsmith /split lab.wim lab.swm 4000'],
  },
  update: {
    summary: 'add, delete and rename files inside an image',
    usage: 'WIM [IMAGE] [OPTIONS] < COMMANDS',
    text: `Commands, one on a line:
  add [--unix-data] [--no-acls] [--strict-acls] [--dereference] [--no-replace] SOURCE DESTINATION
  delete [--force] [--recursive] PATH
  rename OLD_PATH NEW_PATH`,
    examples: [
      'wimsmith update boot.wim 1 --command="add winpeshl.ini /Windows/System32/winpeshl.ini"',
      'wimsmith update lab.wim 1 --recursive < commands.txt',
    ],
  },
  verify: {
    summary: 'read all data of a WIM and compare it with its hashes',
    usage: 'WIM [OPTIONS]',
    text: 'The exit code is 2 when there are faults.',
    examples: ['wimsmith verify lab.wim', 'wimsmith verify lab.swm --ref="lab*.swm"'],
  },
};
