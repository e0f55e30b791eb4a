import { EventEmitter } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { guards, isTrustedSender, mayOpenExternally } from '../../../src-main/electron/guards';
import { isOwnAddress, schemes } from '../../../src-main/electron/origin';
import { webPreferences, windowOptions } from '../../../src-main/electron/windowOptions';
import { guardContents, guardSession } from '../../../src-main/electron/guards';
import { FakeElectron, FakeWebContents, preventable } from '../../support/fakeElectron';

const foreign = [
  'https://wimsmith/index.html',
  'app://other/index.html',
  'app://wimsmith:81/index.html',
  'app://person@wimsmith/index.html',
  'app://wimsmith.example/index.html',
  'app:wimsmith',
  'file:///etc/passwd',
  'data:text/html,x',
  'javascript:alert(1)',
  'about:blank',
  'devtools://devtools/bundled/inspector.html',
  'blob:app://wimsmith/1',
  '',
  'no address',
];

describe('window options', () => {
  it('shut the page off from Node and from other pages', () => {
    expect(webPreferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      navigateOnDragDrop: false,
    });
  });

  it('hold them, the preload script and the background before the first frame', () => {
    const options = windowOptions({
      bounds: { x: 1, y: 2, width: 1000, height: 700 },
      backgroundColor: '#123456',
      preload: '/p/preload.cjs',
    });
    expect(options).toMatchObject({
      x: 1,
      y: 2,
      width: 1000,
      height: 700,
      show: false,
      backgroundColor: '#123456',
    });
    expect(options.webPreferences).toEqual({ ...webPreferences, preload: '/p/preload.cjs' });
  });

  it('register a scheme that keeps to the content security policy', () => {
    expect(schemes).toEqual([
      { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
    ]);
  });
});

describe('addresses', () => {
  it('knows its own', () => {
    expect(isOwnAddress('app://wimsmith/index.html')).toBe(true);
    expect(isOwnAddress('app://wimsmith/assets/a.js?x#y')).toBe(true);
  });

  it.each(foreign)('refuses to navigate to %j', (url) => {
    const event = Object.assign(preventable(), { url });
    guards.navigation(event);
    expect(event.prevented).toBe(true);
  });

  it.each([
    ['https://learn.microsoft.com/windows', true],
    ['https://wimlib.net/man1/wimcapture.html', true],
    ['http://learn.microsoft.com/windows', false],
    ['https://learn.microsoft.com.example.org/', false],
    ['https://learn.microsoft.com:8443/', false],
    ['https://person:secret@learn.microsoft.com/', false],
    ['https://example.org/https://learn.microsoft.com/', false],
    ['file:///etc/passwd', false],
    ['smb://learn.microsoft.com/share', false],
    ['', false],
  ])('opens %j outside: %s', (address, allowed) => {
    expect(mayOpenExternally(address)).toBe(allowed);
    const open = vi.fn();
    expect(guards.windowOpen({ url: address }, open)).toEqual({ action: 'deny' });
    expect(open.mock.calls).toEqual(allowed ? [[address]] : []);
  });
});

describe('guards on a page and a session', () => {
  it('deny windows, foreign navigation, redirects and embedded pages', () => {
    const contents = new FakeWebContents(new EventEmitter());
    const opened: string[] = [];
    guardContents(contents as never, (address) => opened.push(address));

    for (const name of ['will-navigate', 'will-frame-navigate', 'will-redirect']) {
      const away = Object.assign(preventable(), { url: 'https://example.org/' });
      contents.emit(name, away);
      const home = Object.assign(preventable(), { url: 'app://wimsmith/index.html' });
      contents.emit(name, home);
      expect([name, away.prevented, home.prevented]).toEqual([name, true, false]);
    }
    const attach = vi.fn();
    contents.emit('will-attach-webview', { preventDefault: attach });
    expect(attach).toHaveBeenCalledOnce();
    const open = contents.windowOpenHandler as unknown as (details: { url: string }) => unknown;
    expect(open({ url: 'https://wimlib.net/' })).toEqual({ action: 'deny' });
    expect(open({ url: 'app://wimsmith/index.html' })).toEqual({ action: 'deny' });
    expect(opened).toEqual(['https://wimlib.net/']);
  });

  it('deny every permission in both handlers, and every device', () => {
    const fake = new FakeElectron();
    guardSession(fake.api.session.defaultSession);
    const answers: boolean[] = [];
    for (const permission of ['media', 'notifications', 'clipboard-read', 'fileSystem', 'openExternal']) {
      fake.session.permissionRequest?.({}, permission, (granted) => answers.push(granted));
    }
    expect(answers).toEqual([false, false, false, false, false]);
    expect(fake.session.permissionCheck?.()).toBe(false);
    expect(fake.session.device?.()).toBe(false);
  });
});

describe('the sender of a message', () => {
  const frame = { origin: 'app://wimsmith', parent: null, detached: false };
  const known = (id: number): boolean => id === 7;

  it('is trusted as the top frame of a known window at the exact origin', () => {
    expect(isTrustedSender({ sender: { id: 7 }, senderFrame: frame }, known)).toBe(true);
  });

  it.each([
    ['no frame', { sender: { id: 7 }, senderFrame: null }],
    ['an unknown window', { sender: { id: 8 }, senderFrame: frame }],
    ['a frame in a frame', { sender: { id: 7 }, senderFrame: { ...frame, parent: frame } }],
    ['a detached frame', { sender: { id: 7 }, senderFrame: { ...frame, detached: true } }],
    ['another host', { sender: { id: 7 }, senderFrame: { ...frame, origin: 'app://wimsmith.example' } }],
    ['another scheme', { sender: { id: 7 }, senderFrame: { ...frame, origin: 'https://wimsmith' } }],
    ['an opaque origin', { sender: { id: 7 }, senderFrame: { ...frame, origin: 'null' } }],
  ])('is refused: %s', (_what, event) => {
    expect(isTrustedSender(event, known)).toBe(false);
  });

  it('is refused when the frame was disposed', () => {
    const disposed = {
      parent: null,
      detached: false,
      get origin(): string {
        throw new Error('Render frame was disposed before WebFrameMain could be accessed');
      },
    };
    expect(isTrustedSender({ sender: { id: 7 }, senderFrame: disposed }, known)).toBe(false);
  });
});
