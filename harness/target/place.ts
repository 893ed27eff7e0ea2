import { insideLab, wayIntoLab, type Way } from '../lab/namespace.ts';
import { HarnessError } from '../verdict.ts';
import type { PlaceName, TargetDescriptor } from './descriptor.ts';

/** Where a run takes place. */
export interface ChosenPlace {
  readonly name: PlaceName;
  /** How to get into the lab; undefined where the run is in it already, or needs none. */
  readonly way?: Way;
  /** Why it is not the place that would have been better. */
  readonly insteadOfLab?: string;
}

/**
 * The place asked for, or the best one there is: the lab, else loopback, else remote. Throws a HarnessError where the
 * target's descriptor has no such place, or the lab that was asked for cannot be had.
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
        `the lab cannot be raised: ${found.reason}. It needs util-linux (unshare) and iproute2 (ip), and the right to ` +
          'unprivileged user namespaces, or root, or sudo without a password. ' +
          (places.loopback
            ? 'Or go without it: --place loopback.'
            : 'The descriptor has no place loopback to go on in.'),
      );
    return { name: 'loopback', insteadOfLab: found.reason };
  }
  return { name: asked ?? (places.loopback ? 'loopback' : 'remote') };
}
