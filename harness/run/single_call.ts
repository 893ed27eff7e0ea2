import { createEnabledApplication, type Application, type InboundWish } from '../clients/application.ts';
import { HttpJournal } from '../clients/http.ts';
import { ManagementClient } from '../clients/management.ts';
import { LAB_PREFIXES } from '../lab/addresses.ts';
import { isLabAddress } from '../lab/guard.ts';
import type { Place, PlaceName, TargetDescriptor } from '../target/descriptor.ts';
import type { CallRequest } from '../traffic/caller.ts';
import type { ScenarioFile } from '../traffic/scenarios.ts';
import { BrokenPrecondition, HarnessError } from '../verdict.ts';
import type { RunFacts } from './facts.ts';
import type { Workbench } from './workbench.ts';

/** How the application of a single call lets callers in. */
export type Authentication = 'password' | 'ip' | 'both';

/** What a user asks of a single call; what is undefined has a default. */
export interface CallWish {
  readonly scenario: ScenarioFile;
  readonly authentication: Authentication;
  /** Whose address the application trusts; default: the caller's. */
  readonly trust: string | undefined;
  /** Default: every region. */
  readonly regions: readonly string[] | undefined;
  /** A vantage point of the target, or an IPv4 address. */
  readonly from: string | undefined;
  readonly wrongPassword: boolean;
  /** `[to_user]`; default: another application, where the scenario asks for one. */
  readonly to: string | undefined;
  /** Further values for the scenario's own keywords. */
  readonly keys: Readonly<Record<string, string>>;
  /** `-d`; default: a second more than a nonce lives. */
  readonly pauseMs: number | undefined;
}

/** A call that is ready to be placed. */
export interface PreparedCall {
  readonly request: CallRequest & { readonly user: string };
  /** How the called application lets callers in, in words. */
  readonly application: string;
}

const WRONG_PASSWORD = 'not-the-password';
const OVER_LIFETIME_MS = 1_000;

/** The address that `who` names. Throws a HarnessError where the place has no such vantage point. */
function addressOf(who: string, place: Place): string {
  const point = place.vantagePoints.find(({ name }) => name.toLowerCase() === who.toLowerCase());
  if (point) return point.address;
  if (/^\d+\.\d+\.\d+\.\d+$/.test(who)) return who;
  const names = place.vantagePoints.map(({ name }) => name).join(', ');
  const known = names === '' ? 'calls come from loopback only here' : `vantage points are ${names}`;
  throw new HarnessError(`"${who}" is neither an IPv4 address nor a vantage point: ${known}`);
}

/** Throws a HarnessError where the wish does not fit the target, as far as that shows before anything is started. */
export function checkWish(wish: CallWish, target: TargetDescriptor, placeName: PlaceName): void {
  const place = target.places[placeName];
  if (!place)
    throw new HarnessError(`the target ${target.name} has no place "${placeName}" in its descriptor`);
  const { from, trust, regions = [] } = wish;
  const caller = from === undefined ? undefined : addressOf(from, place);
  if (caller !== undefined && placeName === 'lab' && !isLabAddress(caller)) {
    const prefixes = LAB_PREFIXES.map(({ prefix, who }) => `${prefix} (${who})`).join(', ');
    throw new HarnessError(`${caller} is no address of the lab: it has ${prefixes}`);
  }
  if (trust !== undefined) addressOf(trust, place);
  const unknown = regions.find((region) => !target.regions.includes(region));
  if (unknown !== undefined) {
    throw new HarnessError(
      `${target.name} knows no region "${unknown}": it has ${target.regions.join(', ')}`,
    );
  }
}

/**
 * Creates the application to be called, and another where the scenario names one in To. Throws a HarnessError with the
 * API exchange where the target refuses.
 */
export async function prepareCall(
  { facts, tokens, randomness }: Workbench,
  wish: CallWish,
): Promise<PreparedCall> {
  const { descriptor, place, defaultAddress } = facts;
  const from = wish.from === undefined ? defaultAddress : addressOf(wish.from, place);
  const trusted = wish.trust === undefined ? from : addressOf(wish.trust, place);
  const journal = new HttpJournal();
  const api = new ManagementClient(journal, tokens, place.api.baseUrl, descriptor.account.id);
  const make = (): Promise<Application> =>
    createEnabledApplication(api, inboundWish(wish, trusted)).catch((error: unknown) => {
      if (!(error instanceof HarnessError || error instanceof BrokenPrecondition)) throw error;
      throw new HarnessError(`${error.message}\n\n${journal.transcript() ?? ''}`, { cause: error });
    });
  const application = await make();
  const user = userOf(application, facts);
  const password = wish.wrongPassword ? WRONG_PASSWORD : application.passwords.at(-1);
  const to = wish.to ?? (wish.scenario.text.includes('[to_user]') ? userOf(await make(), facts) : undefined);
  return {
    request: {
      scenario: wish.scenario.path,
      from,
      user,
      ...(password === undefined ? {} : { credentials: { username: user, password } }),
      keys: { ...(to === undefined ? {} : { to_user: to }), ...wish.keys },
      pauseMs: wish.pauseMs ?? descriptor.timeouts.nonceLifetime.ms + OVER_LIFETIME_MS,
      randomness,
    },
    application: inWords(wish, trusted),
  };
}

function inboundWish({ authentication, regions }: CallWish, trusted: string): InboundWish {
  return {
    passwordAuthEnabled: authentication !== 'ip',
    ...(authentication === 'password' ? {} : { allowedSourceIps: [`${trusted}/32`] }),
    ...(regions === undefined ? {} : { allowedRegions: regions }),
  };
}

/** The user part that names the application, in the form the target prefers. */
export function userOf({ id, uriUser }: Application, { descriptor }: Pick<RunFacts, 'descriptor'>): string {
  return descriptor.userForms[0] === 'uriUser' ? (uriUser ?? id) : id;
}

function inWords({ authentication, regions, wrongPassword }: CallWish, trusted: string): string {
  const ways = [
    ...(authentication === 'ip' ? [] : ['password']),
    ...(authentication === 'password' ? [] : [`address (${trusted})`]),
  ];
  const where = regions === undefined ? 'every region' : regions.join(', ');
  const wrong = wrongPassword ? '; the caller has a wrong password' : '';
  return `lets callers in by ${ways.join(' and by ')}, from ${where}${wrong}`;
}
