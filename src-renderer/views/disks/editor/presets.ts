/** Names of the presets, and what stands for a layout that was edited. */
export const presets = ['uefi', 'bios', 'data', 'own'] as const;
export type Preset = (typeof presets)[number];
