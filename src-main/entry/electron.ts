import { homedir } from 'node:os';
import path from 'node:path';
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  nativeTheme,
  Notification,
  powerSaveBlocker,
  protocol,
  screen,
  session,
  shell,
} from 'electron';
import { version } from '../../package.json';
import { createWorkbench } from '../app/workbench';
import { runDesktop } from '../electron/desktop';
import { dataDirectory } from '../platform/dataDirectory';
import { readProgramFile } from '../platform/programFiles';
import { makeDirectories, readSmallFile, writeAtomically } from '../platform/smallFiles';

/** The window's place is a line of text. */
const PLACE_LIMIT = 4096;

// One request, listener or notification that went wrong is no reason to end the jobs that run.
process.on('unhandledRejection', (fault) => process.stderr.write(`wimsmith: fault: ${String(fault)}\n`));

runDesktop({
  electron: {
    app,
    BrowserWindow,
    dialog,
    ipcMain,
    Menu,
    nativeTheme,
    Notification,
    powerSaveBlocker,
    protocol,
    screen,
    session,
    shell,
  },
  createWorkbench,
  appDirectory: __dirname,
  version,
  // Started as "electron SCRIPT ARGUMENTS" there is one argument more than in the packaged program.
  args: process.argv.slice(process.defaultApp ? 2 : 1),
  directory: process.cwd(),
  platform: process.platform,
  defaultDataDirectory: dataDirectory({
    platform: process.platform,
    home: homedir(),
    environment: process.env,
  }),
  readProgramFile,
  files: {
    read: async (file) => (await readSmallFile(file, PLACE_LIMIT))?.toString('utf8') ?? '',
    write: async (file, text) => {
      await makeDirectories(path.dirname(file));
      await writeAtomically(file, text, { overwrite: true });
    },
  },
}).catch((fault: unknown) => {
  process.stderr.write(`wimsmith: ${String(fault)}\n`);
  app.exit(1);
});
