import type { PackageRow } from '../../../../src-shared/contract/drivers';

/** A package of the library as tests need it. The hash is made of its name and version. */
export function packageRow(changes: Partial<PackageRow> & Pick<PackageRow, 'id'>): PackageRow {
  const name = changes.name ?? `${changes.id}.inf`;
  return {
    name,
    inf: `/drivers/${name}`,
    infSha256: hashOf(changes.id),
    provider: 'Northlight Devices',
    className: 'Net',
    kind: 'device',
    date: '2025-03-14',
    version: '2.1.0.0',
    architectures: ['amd64'],
    bytes: 1000,
    signature: 'whcp',
    bootCritical: false,
    errors: 0,
    warnings: 0,
    fault: '',
    duplicate: false,
    superseded: false,
    ...changes,
  };
}

/** 64 hex digits that tell one name from another. */
export function hashOf(text: string): string {
  return Buffer.from(text).toString('hex').padEnd(64, '0').slice(0, 64);
}
