import { create } from 'zustand';
import { useEffect } from 'react';

/** Something that the command palette, a menu or a key can do. */
export interface Command {
  readonly id: string;
  readonly label: string;
  /** As it is shown: 'Ctrl+N'. The frame binds it when it is a combination with Ctrl. */
  readonly shortcut?: string;
  readonly run: () => void;
}

interface CommandsState {
  /** Commands of the frame and of the view at hand, by who registered them. */
  readonly groups: ReadonlyMap<string, readonly Command[]>;
  readonly paletteOpen: boolean;
}

export const useCommandState = create<CommandsState>(() => ({ groups: new Map(), paletteOpen: false }));

/** Offers commands as long as the component is there. Keep the array stable (useMemo). */
export function useCommands(owner: string, commands: readonly Command[]): void {
  useEffect(() => {
    setGroup(owner, commands);
    return () => setGroup(owner, undefined);
  }, [owner, commands]);
}

export function openPalette(paletteOpen = true): void {
  useCommandState.setState({ paletteOpen });
}

/** All commands at hand, those of the view first. */
export function allCommands({ groups }: CommandsState): Command[] {
  return [...groups.values()].reverse().flat();
}

function setGroup(owner: string, commands: readonly Command[] | undefined): void {
  useCommandState.setState(({ groups }) => {
    const next = new Map(groups);
    if (commands === undefined) next.delete(owner);
    else next.set(owner, commands);
    return { groups: next };
  });
}
