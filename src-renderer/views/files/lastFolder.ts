import { api } from '../../api/api';
import { useApp } from '../../stores/app';
import type { PickKind, PickRequest } from './pickPath';

const key = (kind: PickKind): string => `wimsmith.folder.${kind}`;

/** Keeps the folder that something was chosen in, for the next time. */
export function rememberFolder(kind: PickKind, folder: string): void {
  localStorage.setItem(key(kind), folder);
}

export interface Beginning {
  readonly folder: string;
  /** The file name that is proposed. */
  readonly name: string;
}

/** Where the path browser begins: where it was told to, else where it was last time, else at home. */
export async function beginning({
  kind,
  defaultPath,
}: Required<Pick<PickRequest, 'kind' | 'defaultPath'>>): Promise<Beginning> {
  if (defaultPath !== '') {
    const status = await api.files.status({ path: defaultPath });
    if (status.kind === 'directory') return { folder: status.path, name: '' };
    const parent = await api.files.status({ path: status.parent });
    if (parent.kind === 'directory') return { folder: parent.path, name: status.name };
    return { folder: await usualFolder(kind), name: kind === 'save-file' ? status.name : '' };
  }
  return { folder: await usualFolder(kind), name: '' };
}

async function usualFolder(kind: PickKind): Promise<string> {
  const remembered = localStorage.getItem(key(kind));
  const imageFolder = useApp.getState().info?.imageFolder;
  for (const path of [remembered, kind === 'open-folder' ? null : imageFolder]) {
    if (path === null || path === undefined || path === '') continue;
    const status = await api.files.status({ path });
    if (status.kind === 'directory' && status.readable) return status.path;
  }
  return (await api.files.status({ path: '~' })).path;
}
