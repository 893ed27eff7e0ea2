import type { TriedRow } from '../../../harness/expect/decisions.ts';
import type { CredentialsKind, Row } from '../../../harness/model/decision.ts';
import type { TableRow } from '../../../harness/model/decision_rows.ts';
import type { Randomness } from '../../../harness/randomness.ts';
import type { NamedLines, RawLines } from '../../../harness/traffic/raw_request.ts';
import { HarnessError } from '../../../harness/verdict.ts';
import { inTheFormOf } from '../../hard/knock.ts';
import type { ConformanceWorld } from '../../world.ts';
import { TableApplications, type Identity } from './applications.ts';
import { IssuedNonces, proofLine, type Exchanger } from './nonces.ts';

/** So many at a time that a nonce that was fetched for the last of them is still good. */
const BATCH = 64;
const FOREIGN_REALM = 'another-realm.example';
const ABSENT_HOST = 'caller.example';

/** What kind of nonce credentials of each kind are for. */
const NONCES: Readonly<Record<CredentialsKind, 'fresh' | 'old' | 'forged' | 'used' | 'none'>> = {
  none: 'none',
  right: 'fresh',
  wrong: 'fresh',
  'right, old nonce': 'old',
  'wrong, old nonce': 'old',
  'right, forged nonce': 'forged',
  'right, used nonce count': 'used',
  'right, foreign realm': 'fresh',
  'right, for another application': 'fresh',
  'right, for another host': 'fresh',
};

/** Tries rows of the decision table, from where each caller calls. */
export class RowTrial {
  readonly #world: ConformanceWorld;
  readonly #applications: TableApplications;
  readonly #addresses: ReadonlyMap<string, string>;

  /** @param addresses the callers' addresses, by name; that of `US` is the listed one */
  constructor(world: ConformanceWorld, addresses: ReadonlyMap<string, string>) {
    this.#world = world;
    this.#addresses = addresses;
    this.#applications = new TableApplications(world, addresses.get('US') ?? world.parameters.defaultAddress);
  }

  /** Sends an INVITE a row; each caller sends its own beside the others. Returns what came of each. */
  async tried(rows: readonly TableRow[]): Promise<readonly TriedRow[]> {
    const byCaller = Map.groupBy(rows, ({ row }) => `${row.caller} ${row.transport}`);
    const all = [...byCaller].map(async ([name, some]) => {
      // Its own, so that its values do not depend on how the callers take turns.
      const randomness = this.#world.randomness.fork(name);
      return this.#triedBy(await this.#callerOf(some, randomness), some, randomness);
    });
    return (await Promise.all(all)).flat();
  }

  #callerOf([first]: readonly TableRow[], randomness: Randomness): Promise<Exchanger> {
    const address = this.#addresses.get(first?.row.caller ?? '');
    return first?.row.transport === 'TCP'
      ? this.#world.preparedStreamCaller(address, randomness)
      : this.#world.rawCaller(address, randomness);
  }

  async #triedBy(
    caller: Exchanger,
    rows: readonly TableRow[],
    randomness: Randomness,
  ): Promise<readonly TriedRow[]> {
    const other = await this.#applications.identity({ mode: 'password', region: 'any' }, 'other');
    const nonces = new IssuedNonces(this.#world, caller, other, randomness);
    const late = rows.filter(({ row }) => NONCES[row.credentials] === 'old');
    const old = late.length === 0 ? undefined : nonces.old();
    // Whoever waits for it hears of its failure.
    old?.catch(() => undefined);
    const soon = rows.filter((row) => !late.includes(row));
    const tried = await this.#inBatches(caller, nonces, soon);
    if (old === undefined) return tried;
    const aged = await old;
    // Another connection: a service may have closed the first one meanwhile, to make room for others.
    const again = await this.#callerOf(late, randomness);
    const others = new IssuedNonces(this.#world, again, other, randomness);
    return [...tried, ...(await this.#inBatches(again, others, late, aged))];
  }

  async #inBatches(
    caller: Exchanger,
    nonces: IssuedNonces,
    rows: readonly TableRow[],
    old = '',
  ): Promise<readonly TriedRow[]> {
    const tried: TriedRow[] = [];
    for (let begin = 0; begin < rows.length; begin += BATCH)
      tried.push(...(await this.#batch(caller, nonces, rows.slice(begin, begin + BATCH), old)));
    return tried;
  }

  /**
   * Tries the rows while their nonces are good. On a machine that took longer than a nonce lives they prove nothing: they
   * are tried again, half of them at a time. Throws a HarnessError where it takes so long for one.
   */
  async #batch(
    caller: Exchanger,
    nonces: IssuedNonces,
    rows: readonly TableRow[],
    old: string,
  ): Promise<readonly TriedRow[]> {
    const begun = performance.now();
    const requests = await this.#requests(caller, nonces, rows, old);
    const attempts = await caller.exchange(requests);
    const lifetimeMs = this.#world.parameters.descriptor.timeouts.nonceLifetime.ms;
    if (performance.now() - begun < lifetimeMs)
      return attempts.map((attempt, index) => ({ row: rows[index]!, attempt }));
    if (rows.length === 1)
      throw new HarnessError(
        `a nonce was fetched and used within more than its ${lifetimeMs / 1000} s: this machine is too busy to judge`,
      );
    const middle = rows.length >> 1;
    return [
      ...(await this.#batch(caller, nonces, rows.slice(0, middle), old)),
      ...(await this.#batch(caller, nonces, rows.slice(middle), old)),
    ];
  }

  async #requests(
    caller: Exchanger,
    nonces: IssuedNonces,
    rows: readonly TableRow[],
    old: string,
  ): Promise<readonly NamedLines[]> {
    const kinds = rows.map(({ row }) => NONCES[row.credentials]);
    const fresh = await nonces.fresh(kinds.filter((kind) => kind === 'fresh' || kind === 'forged').length);
    const used = kinds.includes('used') ? await nonces.used() : '';
    const taken: Readonly<Record<(typeof kinds)[number], () => string>> = {
      none: () => '',
      fresh: () => fresh.pop() ?? '',
      forged: () => inTheFormOf(fresh.pop() ?? '', nonces.randomness),
      used: () => used,
      old: () => old,
    };
    const requests: NamedLines[] = [];
    for (const { row, name } of rows)
      requests.push([
        name,
        await this.#invite(caller, row, taken[NONCES[row.credentials]](), nonces.randomness),
      ]);
    return requests;
  }

  async #invite(caller: Exchanger, row: Row, nonce: string, randomness: Randomness): Promise<RawLines> {
    const { realm } = this.#world.parameters.descriptor;
    const [requestUri, to, user] = await Promise.all([
      this.#applications.identity(row, row.requestUri),
      this.#applications.identity(row, row.to),
      this.#applications.identity(row, row.user),
    ]);
    const uri = `sip:${requestUri.user}@${realm}`;
    const proof = row.credentials === 'none' ? [] : [await this.#proof(row, user, uri, nonce)];
    const others = ['Subject: reject', ...proof];
    const { cseq } = row;
    const lines = caller.lines({ method: 'INVITE', uri, to: `<sip:${to.user}@${realm}>`, cseq, others });
    return this.#pretending(lines, caller, row, randomness.hex(8));
  }

  async #proof(row: Row, { user, password }: Identity, uri: string, nonce: string): Promise<string> {
    const { credentials, qop } = row;
    const { realm } = this.#world.parameters.descriptor;
    return proofLine({
      user,
      password: credentials.startsWith('wrong') ? `${password}, but wrong` : password,
      realm: credentials === 'right, foreign realm' ? FOREIGN_REALM : realm,
      uri: await this.#digestUri(row, uri),
      nonce,
      qop,
    });
  }

  /** What the digest is for: what is called, unless the row wants it otherwise. */
  async #digestUri(row: Row, uri: string): Promise<string> {
    if (row.credentials === 'right, for another host') return uri.replace(/@.*/, `@${ABSENT_HOST}`);
    if (row.credentials !== 'right, for another application') return uri;
    // Another one than the one whose proof it is, whichever that is.
    const name = row.requestUri === 'other' ? 'nobody' : 'other';
    const { user } = await this.#applications.identity(row, name);
    return uri.replace(/:.*@/, `:${user}@`);
  }

  #pretending(lines: RawLines, { local }: Exchanger, { via, toTag, caller }: Row, tag: string): RawLines {
    const another = this.#addresses.get(caller === 'US' ? 'EU' : 'US') ?? ABSENT_HOST;
    const host = {
      'own address': local.address,
      "another customer's address": another,
      'host name': ABSENT_HOST,
    }[via];
    return {
      ...lines,
      via: lines.via.replace(`${local.address}:${local.port}`, `${host}:${local.port}`),
      to: toTag === 'none' ? lines.to : `${lines.to};tag=${tag}`,
    };
  }
}
