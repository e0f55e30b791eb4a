import type { PlannedTree } from '../../platform/plannedTree';
import { madeUpName, Numbers } from './content';
import { INSTALLED, TreeBuilder } from './treeBuilder';

/**
 * The reference PC of the practice bench: the shape of a Windows volume, with nothing in it that Windows has. All
 * content is made up by content.ts.
 */

const KB = 1024;
const MB = 1024 * KB;

/** A second state of the PC differs from the first in these, besides the files that were added. Paths from the root. */
export const officeChanges = {
  added: 'Program Files/Northlight Office/Writer.exe',
  changed: 'Windows/System32/config/SOFTWARE',
  removed: 'Users/Public/Documents/Setup notes.txt',
} as const;

/** Paths that the default exclusions leave out. */
export const leftOut = ['pagefile.sys', 'hiberfil.sys', '$RECYCLE.BIN', 'System Volume Information'] as const;

const USER = 'Users/Lena Köhler';
const installed = { time: INSTALLED };
const later = { time: INSTALLED + 86_400 };

/** The PC as it was installed. */
export function referencePc(): PlannedTree {
  return buildReference().build();
}

/** The same PC after an office suite was installed and a day of work: files added, changed and removed. */
export function changedPc(): PlannedTree {
  const tree = buildReference();
  const numbers = new Numbers('office');
  const office = 'Program Files/Northlight Office';
  tree.file(officeChanges.added, 'program', 700 * KB, later);
  for (let i = 0; i < 60; i++) {
    tree.file(`${office}/Shared/${unique(numbers, i)}.dll`, 'program', numbers.size(8 * KB, 120 * KB), later);
  }
  for (const language of ['en-US', 'de-DE']) {
    for (let i = 0; i < 40; i++) {
      const name = `${office}/Help/${language}/Topic ${i + 1}.html`;
      tree.file(name, 'text', numbers.size(2 * KB, 16 * KB), later);
    }
  }
  for (let i = 0; i < 24; i++) {
    tree.file(`${office}/Templates/Letter ${i + 1}.dotx`, 'media', numbers.size(8 * KB, 40 * KB), later);
  }
  // Two programs bring the same runtime: an image keeps it once.
  for (const path of tree.names('Program Files/Northlight CAD/Runtime/')) {
    tree.copy(path.replace('Northlight CAD', 'Northlight Office'), path);
  }
  tree.file(`${USER}/Documents/Angebot März.docx`, 'media', 84 * KB, later);
  change(tree, officeChanges.changed);
  change(tree, 'Windows/Logs/CBS/CBS.log');
  change(tree, `${USER}/NTUSER.DAT`);
  change(tree, 'Windows/System32/config/SYSTEM');
  tree.remove(officeChanges.removed);
  for (const path of tree.names('Windows/Temp/')) tree.remove(path);
  return tree.build();
}

function change(tree: TreeBuilder, path: string): void {
  const { kind, size } = tree.facts(path);
  tree.file(path, kind, size + 64 * KB, { seed: `${path} changed`, ...later });
}

function unique(numbers: Numbers, i: number): string {
  return `${madeUpName(numbers)}${i.toString(36)}`;
}

function buildReference(): TreeBuilder {
  const tree = new TreeBuilder();
  addSystem(tree);
  addComponentStore(tree);
  addDrivers(tree);
  addPrograms(tree);
  addUsers(tree);
  addWhatIsLeftOut(tree);
  return tree;
}

function addSystem(tree: TreeBuilder): void {
  const numbers = new Numbers('system');
  const system = 'Windows/System32';
  for (let i = 0; i < 330; i++) {
    tree.file(`${system}/${unique(numbers, i)}.dll`, 'program', numbers.size(4 * KB, 116 * KB), installed);
  }
  for (let i = 0; i < 70; i++) {
    tree.file(`${system}/${unique(numbers, i)}.exe`, 'program', numbers.size(8 * KB, 160 * KB), installed);
  }
  for (const library of tree.names(`${system}/`).filter((_, i) => i % 3 === 0)) {
    for (const language of ['en-US', 'de-DE']) {
      const name = library.slice(system.length + 1);
      tree.file(`${system}/${language}/${name}.mui`, 'text', numbers.size(KB, 12 * KB), installed);
    }
  }
  const hives = { SYSTEM: MB, SOFTWARE: 2 * MB, SAM: 64 * KB, SECURITY: 64 * KB, DEFAULT: 256 * KB };
  for (const [name, size] of Object.entries(hives)) tree.file(`${system}/config/${name}`, 'database', size);
  for (let i = 0; i < 150; i++) {
    tree.file(`Windows/inf/${unique(numbers, i)}.inf`, 'text', numbers.size(KB, 24 * KB), installed);
  }
  for (let i = 0; i < 26; i++) {
    tree.file(`Windows/Fonts/${unique(numbers, i)}.ttf`, 'media', numbers.size(20 * KB, 180 * KB), installed);
  }
  tree.file('Windows/Logs/CBS/CBS.log', 'text', 2 * MB);
  tree.file('Windows/explorer.exe', 'program', 900 * KB);
  tree.file('Windows/notepad.exe', 'program', 180 * KB);
  tree.hardLink(`${system}/notepad.exe`, 'Windows/notepad.exe');
  for (let i = 0; i < 12; i++) tree.file(`Windows/Temp/setup${i}.tmp`, 'text', numbers.size(KB, 32 * KB));
  tree.file('Windows/win.ini', 'text', 92).file('Windows/System32/drivers/etc/hosts', 'text', 824);
  tree.file('Windows/servicing/empty.log', 'blank', 0);
  tree.file('Boot/BCD', 'database', 32 * KB).file('bootmgr', 'program', 400 * KB);
  tree.directory('PerfLogs').directory('Windows/Media').directory('Windows/Offline Web Pages');
}

/** The same files as in System32, partly as further names of them, partly as copies. */
function addComponentStore(tree: TreeBuilder): void {
  const numbers = new Numbers('component store');
  const libraries = tree.names('Windows/System32/').filter((path) => path.endsWith('.dll'));
  libraries.forEach((library, i) => {
    const name = library.slice(library.lastIndexOf('/') + 1);
    const digits =
      numbers.next().toString(16).padStart(8, '0') + numbers.next().toString(16).padStart(8, '0');
    const component = `amd64_${name.replace('.dll', '')}_0000000000000000_10.0.26100.${1 + numbers.below(4000)}_none_${digits}`;
    const place = `Windows/WinSxS/${component}`;
    if (i % 2 === 0) tree.hardLink(`${place}/${name}`, library);
    else tree.copy(`${place}/${name}`, library);
    tree.file(`Windows/WinSxS/Manifests/${component}.manifest`, 'text', numbers.size(400, 3 * KB), installed);
  });
}

function addDrivers(tree: TreeBuilder): void {
  const numbers = new Numbers('drivers');
  for (let i = 0; i < 60; i++) {
    const name = unique(numbers, i);
    const driver = `Windows/System32/drivers/${name}.sys`;
    const digits = numbers.next().toString(16).padStart(8, '0').repeat(2);
    const place = `Windows/System32/DriverStore/FileRepository/${name}.inf_amd64_${digits}`;
    tree.file(driver, 'program', numbers.size(12 * KB, 110 * KB), installed);
    tree.copy(`${place}/${name}.sys`, driver);
    tree.file(`${place}/${name}.inf`, 'text', numbers.size(2 * KB, 20 * KB), installed);
    tree.file(`${place}/${name}.cat`, 'media', numbers.size(7 * KB, 12 * KB), installed);
  }
}

function addPrograms(tree: TreeBuilder): void {
  const numbers = new Numbers('programs');
  const cad = 'Program Files/Northlight CAD';
  tree.file(`${cad}/Northlight CAD.exe`, 'program', 1500 * KB);
  for (let i = 0; i < 30; i++) {
    tree.file(
      `${cad}/Runtime/${unique(numbers, i)}.dll`,
      'program',
      numbers.size(10 * KB, 90 * KB),
      installed,
    );
  }
  for (let chapter = 1; chapter <= 12; chapter++) {
    for (let page = 1; page <= 16; page++) {
      const name = `${cad}/Help/Chapter ${chapter}/Page ${page}.html`;
      tree.file(name, 'text', numbers.size(KB, 10 * KB), installed);
    }
  }
  tree.file(`${cad}/Samples/Assembly.step`, 'text', 2 * MB);
  tree.file(`${cad}/Samples/Rendering.jpg`, 'media', 2 * MB);
  const tools = 'Program Files (x86)/Workshop Tools';
  for (let i = 0; i < 40; i++) {
    tree.file(`${tools}/bin/${unique(numbers, i)}.dll`, 'program', numbers.size(4 * KB, 60 * KB), installed);
  }
  tree.directory('Program Files/Common Files');
  tree.file('ProgramData/Northlight/Licence.dat', 'database', 48 * KB);
  for (let i = 0; i < 50; i++) {
    tree.file(
      `ProgramData/Northlight/Cache/${i.toString(16).padStart(8, '0')}.bin`,
      'media',
      numbers.size(KB, 24 * KB),
    );
  }
}

function addUsers(tree: TreeBuilder): void {
  const numbers = new Numbers('users');
  for (const profile of ['Users/Default', 'Users/Public', USER]) {
    for (const folder of ['Desktop', 'Documents', 'Downloads', 'Music', 'Pictures']) {
      tree.directory(`${profile}/${folder}`);
    }
  }
  // The same welcome picture in each profile.
  tree.file('Users/Public/Pictures/Welcome.jpg', 'media', 300 * KB);
  tree.copy('Users/Default/Pictures/Welcome.jpg', 'Users/Public/Pictures/Welcome.jpg');
  tree.copy(`${USER}/Pictures/Welcome.jpg`, 'Users/Public/Pictures/Welcome.jpg');
  tree
    .file('Users/Default/NTUSER.DAT', 'database', 256 * KB)
    .file(`${USER}/NTUSER.DAT`, 'database', 768 * KB);
  tree.file(officeChanges.removed, 'text', 4 * KB);
  const documents = [
    'Prüfbericht Übersicht.txt',
    'Invoice 2025-03 (final).pdf',
    'naïve résumé.txt',
    '図面 一覧.txt',
    'party 🎉 plan 𝄞.txt',
  ];
  for (const name of documents) tree.file(`${USER}/Documents/${name}`, 'text', numbers.size(2 * KB, 40 * KB));
  for (let i = 1; i <= 24; i++) {
    tree.file(
      `${USER}/Pictures/Site visit/IMG_${String(i).padStart(4, '0')}.JPG`,
      'media',
      numbers.size(60 * KB, 200 * KB),
    );
  }
  for (let i = 0; i < 160; i++) {
    const name = `${USER}/AppData/Local/Browser/Cache/f_${i.toString(16).padStart(6, '0')}`;
    tree.file(name, i % 3 === 0 ? 'text' : 'media', numbers.size(400, 20 * KB));
  }
  tree.file(longPath(), 'text', 3 * KB);
  tree.link('Documents and Settings', 'Users', true);
  tree.link('Users/Default User', 'Default', true);
  tree.link('Users/Public/Desktop/Licence.dat', '../../../ProgramData/Northlight/Licence.dat', false);
}

/** Longer than the 260 characters that old programs of Windows can take. */
function longPath(): string {
  const folders = Array.from(
    { length: 6 },
    (_, i) => `A folder with a long name, as packages of packages make them ${i + 1}`,
  );
  return [USER, 'AppData/Local', ...folders, 'a file below all of them.json'].join('/');
}

/** What a capture leaves out by default. */
function addWhatIsLeftOut(tree: TreeBuilder): void {
  tree
    .file('pagefile.sys', 'blank', 2 * MB)
    .file('hiberfil.sys', 'media', MB)
    .file('swapfile.sys', 'blank', MB);
  const bin = '$RECYCLE.BIN/S-1-5-21-1004336348-1177238915-682003330-1001';
  tree.file(`${bin}/desktop.ini`, 'text', 129).file(`${bin}/$IA1B2C3.txt`, 'database', 96);
  tree.file(`${bin}/$RA1B2C3.txt`, 'text', 40 * KB);
  tree.file('System Volume Information/tracking.log', 'blank', 20 * KB);
  tree.file('Windows/CSC/v2.0.6/namespace/plan.txt', 'text', 8 * KB);
}
