import type { RuleCapability } from '../rules.ts';
import { unclaimed } from '../target/descriptor.ts';
import type { Exchange } from '../traffic/exchange.ts';
import { capture } from './capture.ts';
import { voicePlatform } from './voice_platform.ts';
import type { Evidence, OpenedWitness, StartedWitness, Witness, WitnessedRun } from './witness.ts';

/** Every witness, in the order in which they start. A new one is one more entry. */
const list = { capture, voicePlatform };

type Entries = typeof list;
type Key = keyof Entries;
type FactsOf = { [K in Key]: Entries[K] extends Witness<infer Facts, infer _> ? Facts : never };
type OpenedOf = { [K in Key]: Entries[K] extends Witness<infer _, infer Opened> ? Opened : never };

const WITNESSES: { readonly [K in Key]: Witness<FactsOf[K], OpenedOf[K]> } = list;
const KEYS = keysOf(list);

/** The witnesses that a run has and lacks. Plain data. */
export interface WitnessFacts {
  readonly present: { readonly [K in Key]?: FactsOf[K] };
  /** Why each of the others is absent. */
  readonly absent: { readonly [K in Key]?: string };
}

/** The witnesses of a run, opened in one thread. */
export type OpenedWitnesses = { readonly [K in Key]?: OpenedOf[K] };

/**
 * Starts every witness that the place and the target allow.
 *
 * @param onStarted called with each as soon as it has to be stopped
 */
export async function startWitnesses(
  run: WitnessedRun,
  onStarted: (name: string, witness: StartedWitness<unknown>) => void,
): Promise<WitnessFacts> {
  const facts = { present: {}, absent: {} };
  for (const key of KEYS) await startOne(key, run, facts, onStarted);
  return facts;
}

async function startOne<K extends Key>(
  key: K,
  run: WitnessedRun,
  { present, absent }: { present: { [N in K]?: FactsOf[N] }; absent: { [N in K]?: string } },
  onStarted: (name: string, witness: StartedWitness<unknown>) => void,
): Promise<void> {
  const entry = WITNESSES[key];
  const { name, watches } = entry;
  const blind = watches && unclaimed(run.descriptor, watches);
  const witness = blind === undefined ? await entry.start(run) : { absent: blind };
  if ('absent' in witness) {
    absent[key] = witness.absent;
    return;
  }
  present[key] = witness.facts;
  onStarted(name, witness);
}

/** Opens the run's witnesses for the calling thread. */
export function openWitnesses({ present }: WitnessFacts): OpenedWitnesses {
  const opened = {};
  for (const key of KEYS) openOne(key, present, opened);
  return opened;
}

function openOne<K extends Key>(
  key: K,
  present: { readonly [N in K]?: FactsOf[N] },
  opened: { [N in K]?: OpenedOf[N] },
): void {
  const facts: FactsOf[K] | undefined = present[key];
  if (facts !== undefined) opened[key] = WITNESSES[key].open(facts);
}

/** Closes what `openWitnesses` opened, in reverse order. */
export async function closeWitnesses(opened: OpenedWitnesses): Promise<void> {
  const all: (OpenedWitness | undefined)[] = KEYS.map((key) => opened[key]);
  for (const witness of all.toReversed()) await witness?.close();
}

/** What the witnesses have to show of a scenario. */
export async function evidenceOf(
  opened: OpenedWitnesses,
  exchanges: readonly Exchange[],
): Promise<readonly Evidence[]> {
  const evidence: Evidence[] = [];
  for (const key of KEYS) evidence.push(...(await evidenceOfOne(key, opened, exchanges)));
  return evidence;
}

async function evidenceOfOne<K extends Key>(
  key: K,
  opened: { readonly [N in K]?: OpenedOf[N] },
  exchanges: readonly Exchange[],
): Promise<readonly Evidence[]> {
  const witness: OpenedOf[K] | undefined = opened[key];
  return (witness && (await WITNESSES[key].evidence?.(witness, exchanges))) ?? [];
}

/** Why the witness that watches this capability is absent; undefined where it is present, or where there is none. */
export function unwatched(capability: RuleCapability, { absent }: WitnessFacts): string | undefined {
  const watcher = KEYS.find((key) => WITNESSES[key].watches === capability);
  return watcher && absent[watcher];
}

function keysOf<T extends object>(entries: T): Extract<keyof T, string>[] {
  const keys: Extract<keyof T, string>[] = [];
  for (const key in entries) keys.push(key);
  return keys;
}
