import { insideLab, wayIntoLab, type Way } from '../lab/namespace.ts';
import { HarnessError } from '../verdict.ts';
import type { PlaceName, TargetDescriptor } from './descriptor.ts';

/** Where a run takes place. */
export interface ChosenPlace {
  readonly name: PlaceName;
  /** How to enter the lab; undefined where the run is already inside or needs no lab. */
  readonly way?: Way;
  /** Why the run falls back from the lab to loopback; undefined where it does not. */
  readonly insteadOfLab?: string;
}

/**
 * The place asked for, or the best one there is: the lab, else loopback, else remote. Throws a HarnessError where the
 * target's descriptor has no such place, or where only the lab would do and it cannot be raised.
 */
export function choosePlace(descriptor: TargetDescriptor, asked: PlaceName | undefined): ChosenPlace {
  const { places } = descriptor;
  if (asked !== undefined && !places[asked]) {
    const has = Object.keys(places).join(', ');
    throw new HarnessError(
      `the target ${descriptor.name} cannot be run in the place "${asked}": its descriptor has ${has}`,
    );
  }
  if (places.lab && (asked ?? 'lab') === 'lab') {
    if (insideLab()) return { name: 'lab' };
    const found = wayIntoLab();
    if ('way' in found) return { name: 'lab', way: found.way };
    if (asked === 'lab' || !places.loopback)
      throw new HarnessError(
        `the lab cannot be raised: ${found.reason}. It needs util-linux (unshare) and iproute2 (ip), and one of ` +
          'unprivileged user namespaces, root, or sudo without a password. ' +
          (places.loopback
            ? 'Or go without it: --place loopback.'
            : 'The descriptor has no place loopback to fall back to.'),
      );
    return { name: 'loopback', insteadOfLab: found.reason };
  }
  return { name: asked ?? (places.loopback ? 'loopback' : 'remote') };
}
