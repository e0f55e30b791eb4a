import { useEffect } from 'react';
import { create } from 'zustand';
import type { PracticeStatus } from '../../src-shared/contract/practice';
import { api, client } from '../api/api';

interface PracticeState {
  readonly status: PracticeStatus | null;
  readonly error: unknown;
}

const usePracticeState = create<PracticeState>(() => ({ status: null, error: undefined }));
let followed = false;

/** The practice bench as it is; read when somebody first asks, and kept up to date. */
export function usePractice(): PracticeState {
  useEffect(follow, []);
  return usePracticeState();
}

export function setPractice(status: PracticeStatus): void {
  usePracticeState.setState({ status, error: undefined });
}

function follow(): void {
  if (followed) return;
  followed = true;
  api.practice.changed(setPractice);
  const read = (): void =>
    void api.practice.status({}).then(setPractice, (error: unknown) => usePracticeState.setState({ error }));
  // After a loss the host may be another one, with news that did not arrive.
  client.onState((state) => {
    if (state === 'connected') read();
  });
  read();
}
