import type { Fault } from '../fault.ts';
import { conditionalFaults } from './call_faults.ts';
import { forwardingFaults } from './forwarding_faults.ts';
import { conditionalPatchFaults } from './patch_faults.ts';

/** Faults that are made of what is looked at and of a condition under which it is not. */
interface Family {
  /** What makes them, relative to the repository's root. */
  readonly file: string;
  readonly faults: () => readonly Fault[];
}

/** The families of generated faults, by name. */
export const FAMILIES: Readonly<Record<string, Family>> = {
  call: { file: 'faults/generated/call_faults.ts', faults: conditionalFaults },
  patch: { file: 'faults/generated/patch_faults.ts', faults: conditionalPatchFaults },
  forwarding: { file: 'faults/generated/forwarding_faults.ts', faults: forwardingFaults },
};
