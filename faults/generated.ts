import { conditionalFaults } from './conditional.ts';
import { forwardingFaults } from './conditional_forwarding.ts';
import { conditionalPatchFaults } from './conditional_patches.ts';
import type { Fault } from './fault.ts';

/** Faults that are made of what is looked at and of a condition under which it is not. */
interface Family {
  /** What makes them, relative to the repository's root. */
  readonly file: string;
  readonly faults: () => readonly Fault[];
}

/** The families of generated faults, by name. */
export const FAMILIES: Readonly<Record<string, Family>> = {
  call: { file: 'faults/conditional.ts', faults: conditionalFaults },
  patch: { file: 'faults/conditional_patches.ts', faults: conditionalPatchFaults },
  forwarding: { file: 'faults/conditional_forwarding.ts', faults: forwardingFaults },
};
