/** What a disk is bound to by. Without a WWN and a serial number, where it is connected has to do. */
export function diskIdentity(facts: {
  readonly wwn: string | undefined;
  readonly serial: string;
  readonly model: string;
  readonly size: number;
  readonly bus: string;
  readonly place: string;
}): string {
  const { wwn, serial, model, size, bus, place } = facts;
  const own = [...(wwn === undefined ? [] : [`wwn:${wwn}`]), ...(serial === '' ? [] : [`serial:${serial}`])];
  const parts = own.length > 0 ? own : [`model:${model}`, ...(place === '' ? [] : [`place:${place}`])];
  return [...parts, `size:${size}`, `bus:${bus}`].join(' ');
}
