import { pathOfDrop } from '../../api/connect';

/** Whether what is dropped on this window tells its path: a browser keeps that to itself. */
export function dropsTellPaths(): boolean {
  return window.wimsmith !== undefined;
}

/** Whether files or folders are being dragged, and not text or a link. */
export function dragsFiles(transfer: DataTransfer | null): boolean {
  return transfer?.types.includes('Files') === true;
}

/** Paths of what was dropped; undefined where a drop cannot tell them. */
export function droppedPaths(transfer: DataTransfer | null): string[] | undefined {
  if (!dropsTellPaths()) return undefined;
  return [...(transfer?.files ?? [])].map(pathOfDrop).filter((path) => path !== undefined);
}
