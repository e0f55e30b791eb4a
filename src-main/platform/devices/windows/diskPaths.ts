/** The number in '\\.\PhysicalDrive1', letter case ignored, also with forward slashes, and one at the end. */
export function diskNumber(file: string): number | undefined {
  const match = /^[\\/]{2}[.?][\\/]PhysicalDrive(\d{1,4})[\\/]?$/i.exec(file);
  return match === null ? undefined : Number(match[1]);
}
