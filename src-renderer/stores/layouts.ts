import { useEffect } from 'react';
import { create } from 'zustand';
import type { DiskLayout } from '../../src-shared/model/disks';
import { AppError } from '../../src-shared/errors/appError';
import { api } from '../api/api';

/** The layouts that the program brings, by name; empty until they were asked for. */
const useKnown = create<{ readonly layouts: Readonly<Record<string, DiskLayout>> }>(() => ({ layouts: {} }));

let asked = false;

/** The layouts that the program brings, by name. */
export function useLayouts(): Readonly<Record<string, DiskLayout>> {
  useEffect(() => {
    if (!asked) void ask();
  }, []);
  return useKnown(({ layouts }) => layouts);
}

async function ask(): Promise<void> {
  asked = true;
  try {
    const named = await api.disks.layouts({});
    useKnown.setState({ layouts: Object.fromEntries(named.map(({ name, layout }) => [name, layout])) });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    // Asked once more by the next place that wants them.
    asked = false;
  }
}
