import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { captureConfigText, createAppInfo } from '../../../../src-main/app/settings/appInfo';
import {
  defaultCaptureConfig,
  parseCaptureConfig,
} from '../../../../src-main/engine/tree/exclusions/captureConfig';
import { AppInfo, defaultSettings } from '../../../../src-shared/contract/app';
import { temporaryDirectory } from '../../../support/tools';

describe('what the program tells of itself', () => {
  it('has the folder that was set for images, or the documents, or home', async () => {
    const home = temporaryDirectory();
    let { imageFolder } = defaultSettings;
    const { info } = createAppInfo({
      version: '1.2.3',
      shell: { kind: 'headless' },
      start: { practice: true, open: null },
      dataDirectory: home,
      home,
      separator: '/',
      settings: () => ({ ...defaultSettings, imageFolder }),
    }).handlers;
    expect(AppInfo.parse(await info())).toMatchObject({
      version: '1.2.3',
      nativeDialogs: false,
      canReveal: false,
      imageFolder: home,
      start: { practice: true, open: null },
    });
    mkdirSync(path.join(home, 'Documents'));
    expect((await info()).imageFolder).toBe(path.join(home, 'Documents'));
    imageFolder = '/srv/images';
    expect((await info()).imageFolder).toBe('/srv/images');
  });

  it('has the default exclusions as a configuration that means the same', () => {
    expect(parseCaptureConfig(captureConfigText(defaultCaptureConfig))).toEqual(defaultCaptureConfig);
    const text = '[ExclusionList]\n\\a\\*.tmp\n\n[ExclusionException]\n\\a\\keep.tmp\n';
    expect(captureConfigText(parseCaptureConfig(text))).toBe(text);
  });
});
