import type { DriverSet } from '../../../src-shared/contract/driverLibrary';

/** A set with a name that no other has: 'New set', 'New set 2'. Without a Windows it takes the newest. */
export function newSetOf(name: string, others: readonly Pick<DriverSet, 'name'>[]): Omit<DriverSet, 'id'> {
  const taken = new Set(others.map((other) => other.name.toLowerCase()));
  let free = name;
  for (let number = 2; taken.has(free.toLowerCase()); number++) free = `${name} ${number}`;
  return { name: free, model: '', packages: [], windows: NEWEST, architecture: 'amd64' };
}

/** Stands in a set for the newest Windows that the program knows. */
const NEWEST = '';
