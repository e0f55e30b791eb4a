import type { Device, PackageUse } from '../../../../src-shared/model/drivers';
import type { Decoration } from '../infModel';
import type { IndexPart } from './driverIndex';
import { rankText } from './driverRank';
import type { Found, Hit } from './findDrivers';
import { architecturesText, packageText, productsText, windowsText } from './matchWords';
import { compareCloseness, decoratedFor, misfitOf } from './modelsChoice';
import type { TargetView } from './targetView';

/** Counts who wins, and who loses to whom, over all devices. */
export class UseTally {
  readonly #usedFor = new Map<number, number[]>();
  /** The hits with which a package lost, with the winners. */
  readonly #lost = new Map<number, Loss[]>();

  constructor(readonly view: TargetView) {}

  count(device: number, found: Found): void {
    const [winner] = found.drivers;
    if (winner !== undefined) {
      this.#use(winner, device);
      for (const hit of found.drivers) if (hit !== winner) this.#lose({ hit, winner });
    }
    for (const hit of found.extensions) this.#use(hit, device);
    for (const [hit, other] of found.lesserExtensions) this.#lose({ hit, winner: other });
  }

  /** What becomes of each package, in the order of the index. */
  uses(devices: readonly Device[]): PackageUse[] {
    const uses: PackageUse[] = [];
    for (const part of this.view.index.parts) {
      const named = new NamedIdentifiers(part);
      for (let own = 0; own < part.packageCount; own++) {
        uses.push(this.#useOf(part, own, named, devices.length));
      }
    }
    return uses;
  }

  #use(hit: Hit, device: number): void {
    const devices = this.#usedFor.get(hit.package);
    if (devices === undefined) this.#usedFor.set(hit.package, [device]);
    else devices.push(device);
  }

  #lose(loss: Loss): void {
    const losses = this.#lost.get(loss.hit.package);
    if (losses === undefined) this.#lost.set(loss.hit.package, [loss]);
    else losses.push(loss);
  }

  #useOf(part: IndexPart, own: number, named: NamedIdentifiers, devices: number): PackageUse {
    const index = part.firstPackage + own;
    const id = this.view.index.packages[index]?.id ?? '';
    const usedFor = this.#usedFor.get(index);
    if (usedFor !== undefined) return { package: id, usedFor };
    const reason = this.#reason(part, own, named, devices);
    return { package: id, usedFor: [], whyNot: reason.text, whyNotCode: reason.code };
  }

  #reason(part: IndexPart, own: number, named: NamedIdentifiers, devices: number): Reason {
    const index = part.firstPackage + own;
    const fault = this.view.faults.get(index);
    if (fault !== undefined) return { code: 'faulty', text: fault };
    const losses = this.#lost.get(index);
    if (losses !== undefined) return lostReason(this.view, index, losses);
    const [from, to] = part.sectionsOf(own);
    if (from === to) return { code: 'no-devices-in-inf', text: 'its INF names no devices' };
    const unfit = unfitReason(this.view, part, from, to);
    if (unfit !== undefined) return unfit;
    const count = named.count(this.view, own);
    if (count === 0) return { code: 'no-devices-in-inf', text: 'its INF names no devices for this Windows' };
    if (devices === 0) return { code: 'no-device', text: 'the list has no devices' };
    const identifiers = count === 1 ? 'its identifier' : `one of its ${count} identifiers`;
    return { code: 'no-device', text: `no device in the list has ${identifiers}` };
  }
}

interface Loss {
  readonly hit: Hit;
  readonly winner: Hit;
}

interface Reason {
  readonly code: NonNullable<PackageUse['whyNotCode']>;
  readonly text: string;
}

function lostReason({ index: { packages } }: TargetView, index: number, losses: readonly Loss[]): Reason {
  const own = packages[index];
  const winners = [...new Set(losses.map(({ winner }) => winner.package))];
  const winner = packages[winners[0] ?? 0];
  if (own === undefined || winner === undefined) return { code: 'outranked', text: 'outranked' };
  const all = losses.length === 1 ? 'its device' : `all its ${losses.length} devices`;
  if (winners.length > 1) {
    const more = winners.length - 1;
    return {
      code: 'outranked',
      text: `outranked by ${packageText(winner)} and ${more} other${more === 1 ? '' : 's'} for ${all}`,
    };
  }
  if (own.infSha256 === winner.infSha256) return { code: 'duplicate', text: `the same as ${winner.inf}` };
  const equal = losses.every(({ hit, winner: other }) => hit.rank === other.rank);
  const family = own.name.toLowerCase() === winner.name.toLowerCase() && own.provider === winner.provider;
  if (own.kind === 'extension' || (equal && family)) {
    return { code: 'older', text: `older than ${packageText(winner)}, which serves ${all}` };
  }
  return { code: 'outranked', text: `outranked by ${packageText(winner)} for ${all}` };
}

/** Why this Windows takes none of a package's sections; undefined where it takes one. */
function unfitReason({ target }: TargetView, part: IndexPart, from: number, to: number): Reason | undefined {
  const decorations: (Decoration | undefined)[] = [];
  for (let number = from; number < to; number++) decorations.push(part.section(number)?.decoration);
  return misfitReason(decorations, target);
}

/** Why none of some decorations is for a Windows; undefined where one is. */
export function misfitReason(
  decorations: readonly (Decoration | undefined)[],
  target: TargetView['target'],
): Reason | undefined {
  const misfits = decorations.map((decoration) => misfitOf(decoration, target));
  if (misfits.includes(undefined)) return undefined;
  const products = decorations.filter((_, index) => misfits[index] === 'product');
  if (products.length > 0) {
    return { code: 'wrong-windows', text: productsText(products.filter((one) => one !== undefined)) };
  }
  const [lowest] = decorations
    .filter((_, index) => misfits[index] === 'version')
    .sort((one, other) => compareCloseness(one, other));
  if (lowest !== undefined) {
    return { code: 'wrong-windows', text: `needs ${windowsText(lowest)} or later` };
  }
  return { code: 'wrong-architecture', text: architecturesText(decorations.map(decoratedFor)) };
}

/** Counts the distinct identifiers that packages of a part name for a Windows. */
class NamedIdentifiers {
  /** Package + 1 that named each identifier last. */
  readonly #lastNamed: Uint32Array;

  constructor(readonly part: IndexPart) {
    this.#lastNamed = new Uint32Array(part.identifierCount);
  }

  count(view: TargetView, own: number): number {
    const taken = view.taken.get(this.part);
    const [from, to] = this.part.sectionsOf(own);
    let count = 0;
    for (let section = from; section < to; section++) {
      if (taken?.[section] !== 1) continue;
      const named = this.part.section(section)?.named;
      if (named !== undefined) {
        count += named;
        continue;
      }
      const [first, end] = this.part.entriesOf(section);
      for (let entry = first; entry < end; entry++) {
        const identifier = this.part.entries.identifier[entry] ?? 0;
        if (this.#lastNamed[identifier] === own + 1) continue;
        this.#lastNamed[identifier] = own + 1;
        count++;
      }
    }
    return count;
  }
}

/** How a driver stands to the one that wins, in words. */
export function standing(view: TargetView, hit: Hit, winner: Hit): string {
  const best = view.index.packages[winner.package];
  const own = view.index.packages[hit.package];
  if (best === undefined || own === undefined) return '';
  if (hit.rank !== winner.rank) {
    return `rank ${rankText(hit.rank)} is worse than ${rankText(winner.rank)} of ${best.name}`;
  }
  if (own.infSha256 === best.infSha256) return `a copy of ${best.inf}`;
  if (own.date !== best.date) return `same rank as ${best.name}, older: ${best.date} is later`;
  if (own.version !== best.version) return `same rank and date as ${best.name}, lower version`;
  return `same rank, date and version as ${best.name}: Windows may take either`;
}
