/** A number of sysfs ('0x8086', '8086') with a fixed count of hexadecimal digits, upper case; undefined where it is none. */
export function hexText(text: string | undefined, digits: number): string | undefined {
  const [, number] = /^(?:0x)?([0-9a-f]{1,8})$/i.exec(text ?? '') ?? [];
  return number === undefined ? undefined : number.toUpperCase().padStart(digits, '0').slice(-digits);
}
