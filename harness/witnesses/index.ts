import type { RuleCapability } from '../rules.ts';
import { unclaimed } from '../target/descriptor.ts';
import type { Exchange } from '../traffic/exchange.ts';
import { capture } from './capture.ts';
import { voicePlatform } from './voice_platform.ts';
import type { Evidence, OpenedWitness, StartedWitness, Witness, WitnessedRun } from './witness.ts';

/** Every witness, in the order in which they are started. A new one is one more entry. */
const list = { capture, voicePlatform };

type Entries = typeof list;
type Key = keyof Entries;
type FactsOf = { [K in Key]: Entries[K] extends Witness<infer Facts, infer _> ? Facts : never };
type OpenedOf = { [K in Key]: Entries[K] extends Witness<infer _, infer Opened> ? Opened : never };

const WITNESSES: { readonly [K in Key]: Witness<FactsOf[K], OpenedOf[K]> } = list;
const KEYS = keysOf(list);

/** Which witnesses a run has. Plain data. */
export interface WitnessFacts {
  readonly present: { readonly [K in Key]?: FactsOf[K] };
  /** Why the others are not there. */
  readonly absent: { readonly [K in Key]?: string };
}

/** The witnesses of a run, opened in one thread. */
export type OpenedWitnesses = { readonly [K in Key]?: OpenedOf[K] };

/**
 * Starts every witness that the place and the target allow.
 *
 * @param onStarted told of each, with its name, as soon as there is something to stop
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

/** Opens, for the thread that asks, the witnesses that the run has. */
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

/** Why nobody watches what the target does with this capability; undefined where somebody does, or nobody could. */
export function unwatched(capability: RuleCapability, { absent }: WitnessFacts): string | undefined {
  const watcher = KEYS.find((key) => WITNESSES[key].watches === capability);
  return watcher && absent[watcher];
}

function keysOf<T extends object>(entries: T): Extract<keyof T, string>[] {
  const keys: Extract<keyof T, string>[] = [];
  for (const key in entries) keys.push(key);
  return keys;
}
