import { identifiersOfInstance, isIdentifier, isInstanceId } from './instanceIdentifiers';
import { unreadable, type DeviceListBuilder } from './listBuilder';

/**
 * Reads identifiers, one a line. Lines that follow each other and are of one device (the same vendor and device
 * numbers) are its identifiers, best first; so are instance IDs. Empty lines part devices; '#' and ';' begin a comment.
 *
 * @throws AppError `devices/unreadable` for a line that is no identifier
 */
export function readPlainIdentifiers(lines: readonly string[], list: DeviceListBuilder): void {
  let gathered: { readonly base: string; readonly line: number; readonly identifiers: string[] } | undefined;
  const end = (): void => {
    if (gathered !== undefined) {
      const { identifiers, line } = gathered;
      // One alone is the most specific one as a rule: the shorter ones are made from it.
      const made = identifiers.length === 1 ? identifiersOfInstance(identifiers[0]) : split(identifiers);
      const known = made.hardwareIds.length > 0 ? made : split(identifiers);
      list.add({ name: identifiers[0], ...known }, line);
    }
    gathered = undefined;
  };
  for (const [index, raw] of lines.entries()) {
    const line = index + 1;
    const text = raw.trim().replace(/^"(.*)"$/, '$1');
    if (text === '') end();
    if (text === '' || text.startsWith('#') || text.startsWith(';')) continue;
    // 'GenDisk' and the like stand for no device alone.
    if (gathered !== undefined && /^[A-Z_][\w.*-]{1,199}$/i.test(text)) {
      gathered.identifiers.push(text);
      continue;
    }
    if (!isIdentifier(text)) {
      throw unreadable(list.label, `"${text.slice(0, 60)}" is no identifier of a device`, line);
    }
    if (isInstanceId(text)) {
      end();
      list.add({ instanceId: text, name: text, ...identifiersOfInstance(text) }, line);
      continue;
    }
    const base = baseOf(text);
    if (gathered?.base !== base) {
      end();
      gathered = { base, line, identifiers: [] };
    }
    gathered.identifiers.push(text);
  }
  end();
}

/** What the identifiers of one device have in common. */
function baseOf(identifier: string): string {
  const parts = identifier.toUpperCase().split('&');
  return parts.filter((part, index) => index < 2 || part.startsWith('MI_')).join('&');
}

/** Windows lists those of PCI without a subsystem, but with a revision or nothing more, as compatible ones. */
function split(identifiers: readonly string[]): { hardwareIds: string[]; compatibleIds: string[] } {
  const isCompatible = (identifier: string): boolean =>
    identifiers.length > 1 &&
    /^(PCI\\VEN_\w+&DEV_\w+(&REV_\w+)?|(PCI\\(VEN_\w+&)?CC|USB\\Class)_.*)$/i.test(identifier);
  const first = identifiers.findIndex(isCompatible);
  if (first <= 0) return { hardwareIds: [...identifiers], compatibleIds: [] };
  return { hardwareIds: identifiers.slice(0, first), compatibleIds: identifiers.slice(first) };
}
