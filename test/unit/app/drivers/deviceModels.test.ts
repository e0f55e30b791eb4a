import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { createDeviceModels } from '../../../../src-main/app/drivers/deviceModels';
import type { DeviceModel } from '../../../../src-shared/contract/deviceModels';
import type { DeviceList } from '../../../../src-shared/model/drivers';
import { temporaryDirectory } from '../../../support/tools';

function modelsIn(folder: string) {
  const told: DeviceModel[][] = [];
  const warned: string[] = [];
  const handlers = createDeviceModels({
    folder,
    emit: (models) => told.push(models),
    warn: (text) => warned.push(text),
    now: () => '2026-01-02T03:04:05.000Z',
  });
  return { ...handlers, told, warned };
}

function listOf(count: number, model?: string): DeviceList {
  return {
    label: 'devices.txt',
    ...(model === undefined ? {} : { model }),
    devices: Array.from({ length: count }, (_, i) => ({
      instanceId: `PCI\\${i}`,
      name: `Device ${i}`,
      className: 'Net',
      hardwareIds: [`PCI\\VEN_${i}`],
      compatibleIds: [],
    })),
    warnings: [],
  };
}

it('keeps lists by name, each once, and gives them back', async () => {
  const models = modelsIn(path.join(temporaryDirectory(), 'models'));
  expect(await models.list({})).toEqual([]);
  await models.save({ name: 'Zeta 1', list: listOf(2) });
  const kept = await models.save({ name: 'Alpha 9', list: listOf(3, 'Northlight A9') });
  expect(kept).toMatchObject({ name: 'Alpha 9', model: 'Northlight A9', devices: 3 });
  // Case makes no other model.
  await models.save({ name: 'ALPHA 9', list: listOf(4) });
  const names = (await models.list({})).map(({ name, devices }) => [name, devices]);
  expect(names).toEqual([
    ['ALPHA 9', 4],
    ['Zeta 1', 2],
  ]);
  expect(models.told.at(-1)).toHaveLength(2);
  const list = await models.get({ id: kept.id });
  expect(list).toMatchObject({ label: 'ALPHA 9', devices: listOf(4).devices });
  await models.remove({ id: kept.id });
  await expect(models.get({ id: kept.id })).rejects.toMatchObject({
    code: 'io/not-found',
  });
  expect(models.told.at(-1)).toHaveLength(1);
});

it('passes over files that are none of its own, and says so', async () => {
  const folder = temporaryDirectory();
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'abc.json'), '{"about": 1}');
  writeFileSync(path.join(folder, 'notes.txt'), 'mine');
  const models = modelsIn(folder);
  expect(await models.list({})).toEqual([]);
  expect(models.warned).toEqual([expect.stringContaining('abc.json holds no list of devices')]);
  expect(readdirSync(folder).sort()).toEqual(['abc.json', 'notes.txt']);
});

it('refuses a list that is too long to be kept', async () => {
  const models = modelsIn(temporaryDirectory());
  const long = listOf(1);
  const hardwareIds = Array.from({ length: 1000 }, () => 'X'.repeat(4096));
  const devices = Array.from({ length: 2 }, () => ({ ...long.devices[0], hardwareIds }));
  await expect(models.save({ name: 'Long', list: { ...long, devices } })).rejects.toMatchObject({
    code: 'usage/invalid',
  });
});
