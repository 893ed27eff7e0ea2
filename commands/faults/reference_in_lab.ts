import type { Place, TargetDescriptor } from '../../harness/target/descriptor.ts';
import { loadTarget } from '../../harness/target/load.ts';
import { HarnessError } from '../../harness/verdict.ts';

/** Long, as several references start at a time on a busy machine; no verdict depends on it. */
const READY_MS = 60_000;

/**
 * The descriptor of the reference in the lab, started by other words of node's command line than `impl/main.ts`. It ends
 * its calls without draining them. Throws a HarnessError if the descriptor has no such place.
 */
export function referenceInLab(
  program: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): TargetDescriptor {
  const reference = loadTarget('reference');
  const { lab } = reference.places;
  if (!lab?.start) throw new HarnessError('the descriptor of the reference has no lab in which to start it');
  const [node = '', , ...rest] = lab.start.command;
  const start = {
    ...lab.start,
    command: [node, ...program, ...rest],
    environment: { ...lab.start.environment, VOICE_EDGE_DRAIN_SECONDS: '0', ...environment },
  };
  const place: Place = { ...lab, start };
  const timeouts = { ...reference.timeouts, ready: { ms: READY_MS } };
  return { ...reference, timeouts, places: { lab: place } };
}
