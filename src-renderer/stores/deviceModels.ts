import { useEffect } from 'react';
import { create } from 'zustand';
import type { DeviceModel } from '../../src-shared/contract/deviceModels';
import { AppError } from '../../src-shared/errors/appError';
import { api } from '../api/api';

const useKept = create<{ readonly models: readonly DeviceModel[] }>(() => ({ models: [] }));

let asked = false;

/** The lists of devices that are kept under the name of a PC model, by name. */
export function useDeviceModels(): readonly DeviceModel[] {
  useEffect(() => {
    if (!asked) void ask();
  }, []);
  return useKept(({ models }) => models);
}

async function ask(): Promise<void> {
  asked = true;
  const end = api.deviceModels.changed((models) => useKept.setState({ models }));
  try {
    useKept.setState({ models: await api.deviceModels.list({}) });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    // Asked once more by the next place that wants them.
    asked = false;
    end();
  }
}
