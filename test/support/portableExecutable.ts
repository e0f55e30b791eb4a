/** A PE image without code: headers, 300 bytes of content, and a certificate table where one is asked for. */
export function smallImage(
  kind: 'pe32' | 'pe32+',
  { certificates = 40, overlay = 0 }: { certificates?: number; overlay?: number } = {},
): Uint8Array {
  const content = 512 + 304;
  const bytes = new Uint8Array(content + certificates + overlay).map((_, index) => (index * 7) & 0xff);
  bytes.fill(0, 0, 512);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0x5a4d, true);
  view.setUint32(0x3c, 0x80, true);
  view.setUint32(0x80, 0x4550, true);
  const optional = 0x80 + 24;
  const directories = optional + (kind === 'pe32' ? 96 : 112);
  view.setUint16(0x80 + 20, directories + 128 - optional, true);
  view.setUint16(optional, kind === 'pe32' ? 0x10b : 0x20b, true);
  view.setUint32(optional + 64, 0x1234_5678, true);
  view.setUint32(directories - 4, 16, true);
  if (certificates > 0) {
    view.setUint32(directories + 32, content, true);
    view.setUint32(directories + 36, certificates, true);
  }
  return bytes;
}
