// Draws assets/terminal.svg for the README: real commands on a small tree, their real output.
// Usage: node build/terminalPicture.mjs DIRECTORY   (a directory to capture)
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const program = path.join(root, 'dist/wimsmith.cjs');
const source = path.resolve(process.argv[2] ?? '.');
const place = mkdtempSync(path.join(tmpdir(), 'wimsmith-picture-'));

/** @type {{ text: string, kind: string }[]} */
const lines = [];

/** @param {string[]} args */
function run(...args) {
  const shown = args.map((arg) => (/[ \\]/.test(arg) ? `"${arg}"` : arg)).join(' ');
  lines.push({ text: `$ wimsmith ${shown.replaceAll(source, 'reference')}`, kind: 'command' });
  const { stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd: place,
    encoding: 'utf8',
  });
  const output = (stdout + stderr).replaceAll(source, 'reference').replaceAll(`${place}/`, '').trimEnd();
  for (const text of output.split('\n').slice(0, 12)) lines.push({ text, kind: 'output' });
}

try {
  run('capture', source, 'lab.wim', 'Lab 2026', 'base system', '--check');
  run('append', source, 'lab.wim', 'Lab 2026 + CAD');
  run('verify', 'lab.wim');
  run('apply', 'lab.wim', '2', 'new-pc');
  run('delete', 'lab.wim', '1', '--dry-run');
} finally {
  rmSync(place, { recursive: true, force: true });
}

/** @param {string} text */
const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const lineHeight = 20;
const height = lines.length * lineHeight + 56;
const rows = lines
  .map(({ text, kind }, i) => {
    const fill = kind === 'command' ? '#9ecbff' : '#d6d9de';
    return `<text x="20" y="${54 + i * lineHeight}" fill="${fill}" xml:space="preserve">${escape(text)}</text>`;
  })
  .join('\n');
const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="920" height="${height}" viewBox="0 0 920 ${height}" role="img" aria-label="A terminal in which wimsmith captures, appends, verifies and applies an image" font-family="ui-monospace, DejaVu Sans Mono, Menlo, monospace" font-size="13">
<rect width="920" height="${height}" rx="8" fill="#1b1f24"/>
<circle cx="22" cy="18" r="5" fill="#5a616b"/><circle cx="40" cy="18" r="5" fill="#5a616b"/><circle cx="58" cy="18" r="5" fill="#5a616b"/>
${rows}
</svg>
`;
writeFileSync(path.join(root, 'assets/terminal.svg'), svg);
