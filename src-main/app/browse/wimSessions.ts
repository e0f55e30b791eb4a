import { AppError } from '../../../src-shared/errors/appError';
import type { EngineHost } from '../../engine/os';
import { revisionOf } from '../revision';
import { WimSession } from './wimSession';

export interface SessionLimits {
  /** WIMs that are kept open; the one used longest ago makes room. */
  readonly sessions: number;
  /** Entries of all trees that are kept; the trees used longest ago make room. */
  readonly entries: number;
}

const defaultLimits: SessionLimits = { sessions: 16, entries: 1_500_000 };

interface Kept {
  readonly key: string;
  readonly revision: string;
  readonly session: WimSession;
  /** Windows that opened it and did not close it. */
  windows: number;
}

/** The opened WIMs of all windows, and a bound for the memory of their trees. */
export class WimSessions {
  private readonly kept = new Map<string, Kept>();
  /** Loaded trees, the one used longest ago first. */
  private readonly trees = new Map<string, { session: WimSession; index: number; entries: number }>();
  private readonly numbers = new WeakMap<WimSession, number>();
  private next = 1;

  constructor(
    private readonly host: EngineHost,
    private readonly limits: SessionLimits = defaultLimits,
  ) {}

  /**
   * Opens a WIM. Windows that open the same one share it, as long as the file has not changed.
   * @throws as `openWim`
   */
  async open(
    wim: string,
    ref: readonly string[],
  ): Promise<{ readonly name: string; readonly session: WimSession; readonly revision: string }> {
    const path = this.host.files.absolute(wim);
    const key = JSON.stringify([path, ref]);
    const present = this.findCurrent(key);
    if (present !== undefined) {
      present[1].windows += 1;
      return { name: present[0], session: present[1].session, revision: present[1].revision };
    }
    const revision = revisionOf(this.host.files, path);
    const events = { onUse: this.onUse.bind(this) };
    const session = await WimSession.open(this.host, path, ref, events);
    const name = `wim-${this.next++}`;
    this.numbers.set(session, this.next);
    const kept = { key, revision: revision ?? '', session, windows: 1 };
    this.kept.set(name, kept);
    while (this.kept.size > this.limits.sessions) this.forget(this.kept.keys().next().value as string);
    return { name, session, revision: kept.revision };
  }

  /** @throws AppError `session/closed` when it was closed, or its file has changed */
  get(name: string): WimSession {
    const kept = this.kept.get(name);
    if (kept === undefined) throw new AppError('session/closed', 'the WIM is not open any more');
    try {
      kept.session.check();
    } catch (error) {
      this.forget(name);
      throw error;
    }
    this.kept.delete(name);
    this.kept.set(name, kept);
    return kept.session;
  }

  /** A window is done with it. */
  close(name: string): void {
    const kept = this.kept.get(name);
    if (kept === undefined) return;
    kept.windows -= 1;
    if (kept.windows <= 0) this.forget(name);
  }

  private findCurrent(key: string): [string, Kept] | undefined {
    for (const [name, kept] of this.kept) {
      if (kept.key !== key) continue;
      try {
        kept.session.check();
        return [name, kept];
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        this.forget(name);
      }
    }
    return undefined;
  }

  private forget(name: string): void {
    const kept = this.kept.get(name);
    if (kept === undefined) return;
    this.kept.delete(name);
    kept.session.close();
    for (const [key, { session }] of this.trees) if (session === kept.session) this.trees.delete(key);
  }

  private onUse(session: WimSession, index: number, entries: number): void {
    const isKept = [...this.kept.values()].some((kept) => kept.session === session);
    if (!isKept) return;
    const key = `${this.numbers.get(session) ?? 0} ${index}`;
    this.trees.delete(key);
    this.trees.set(key, { session, index, entries });
    let total = 0;
    for (const tree of this.trees.values()) total += tree.entries;
    for (const [oldKey, tree] of this.trees) {
      if (total <= this.limits.entries || oldKey === key) break;
      tree.session.unload(tree.index);
      this.trees.delete(oldKey);
      total -= tree.entries;
    }
  }
}
