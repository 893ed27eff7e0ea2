import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';

import { HarnessError } from '../verdict.ts';
import { LAB_PREFIXES } from './addresses.ts';
import { insidePrefix } from './ipv4.ts';

/** What the guard looks at: which interfaces are up with which prefixes, and over which ones routes lead out. */
export interface NetworkView {
  readonly interfaces: Readonly<Record<string, readonly string[]>>;
  readonly routedInterfaces: readonly string[];
}

/** The view of the network namespace this process is in. */
export function currentNetwork(): NetworkView {
  const interfaces: Record<string, string[]> = {};
  for (const [name, addresses] of Object.entries(networkInterfaces())) {
    interfaces[name] = (addresses ?? []).flatMap(({ cidr }) => cidr ?? []);
  }
  const routes = readFileSync('/proc/self/net/route', 'utf8').trim().split('\n').slice(1);
  return { interfaces, routedInterfaces: routes.map((line) => line.split('\t')[0] ?? '') };
}

/** Whether `address` is one of the lab's. Nothing outside the lab may send to it. */
export function isLabAddress(address: string): boolean {
  return LAB_PREFIXES.some(({ prefix }) => insidePrefix(address, prefix));
}

/** The first interface beside `lo`; undefined where nothing can leave this machine. */
export function interfaceLeadingOut(view = currentNetwork()): string | undefined {
  return [...Object.keys(view.interfaces), ...view.routedInterfaces].find((name) => name !== 'lo');
}

/**
 * The reason why nothing may be sent to a lab address here, or undefined where it is safe: `lo` is the only
 * interface, nothing routes over another one, and `lo` owns the address.
 */
export function reasonToRefuse(address: string, view: NetworkView): string | undefined {
  const foreign = interfaceLeadingOut(view);
  if (foreign !== undefined) return `the interface ${foreign} leads out of this machine`;
  const owned = (view.interfaces['lo'] ?? []).some((prefix) => insidePrefix(address, prefix));
  return owned ? undefined : 'the loopback interface does not own it';
}

const cleared = new Set<string>();

/** Throws a HarnessError where `address` is a lab address and this process is not inside the lab. */
export function assertSafeToSend(address: string): void {
  if (cleared.has(address) || !isLabAddress(address)) return;
  const reason = reasonToRefuse(address, currentNetwork());
  if (reason !== undefined) {
    throw new HarnessError(`refusing to send to the lab address ${address}: ${reason}. Run inside the lab.`);
  }
  cleared.add(address);
}
