import { AppError } from '../../../src-shared/errors/appError';
import type { EngineHost } from '../../engine/os';
import { type ImageContents } from '../../engine/wim/browse/imageContents';
import { revisionOf } from '../revision';

/** A volume whose directories were read. Its disk is not open any more. */
export interface VolumeSession {
  readonly disk: string;
  /** The disk's file as it was when it was read. */
  readonly revision: string;
  readonly contents: ImageContents;
}

/** Volumes that are kept, and entries of all of them; the one used longest ago makes room. */
const KEPT_VOLUMES = 8;
const KEPT_ENTRIES = 1_500_000;

/** The volumes that windows look into, and a bound for the memory of their trees. */
export class VolumeSessions {
  private readonly kept = new Map<string, VolumeSession>();
  private next = 1;

  constructor(private readonly host: EngineHost) {}

  /** @returns the name of the session */
  keep(disk: string, revision: string, contents: ImageContents): string {
    const name = `volume-${this.next++}`;
    this.kept.set(name, { disk, revision, contents });
    let entries = 0;
    for (const session of this.kept.values()) entries += session.contents.tree.entryCount;
    for (const [old, session] of this.kept) {
      if (old === name || (entries <= KEPT_ENTRIES && this.kept.size <= KEPT_VOLUMES)) break;
      this.kept.delete(old);
      entries -= session.contents.tree.entryCount;
    }
    return name;
  }

  /** @throws AppError `session/closed` when it was closed, or its disk has changed */
  get(name: string): VolumeSession {
    const session = this.kept.get(name);
    if (session === undefined) throw new AppError('session/closed', 'the volume is not open any more');
    this.kept.delete(name);
    if ((revisionOf(this.host.files, session.disk) ?? '') !== session.revision) {
      throw new AppError('session/closed', `${session.disk} was changed since it was opened`, {
        path: session.disk,
      });
    }
    this.kept.set(name, session);
    return session;
  }

  close(name: string): void {
    this.kept.delete(name);
  }
}
