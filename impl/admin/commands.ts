import { freshTokenKey } from '../api/access_token.ts';
import { freshClientId } from '../api/bootstrap_client.ts';
import { freshClientSecret, storedClientSecret } from '../store/model/secret_hash.ts';
import type { OAuthClient, Store, TokenKeyRecord } from '../store/store.ts';

/** What every command needs. */
export interface AdminContext {
  readonly store: Pick<Store, 'clients' | 'tokenKeys'>;
  /** Ids of the clients in the service's configuration. */
  readonly configuredIds: ReadonlySet<string>;
  /** How long the service lets a token live. */
  readonly tokenLifetimeSeconds: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly randomBytes: (size: number) => Buffer;
}

/** A command's arguments, as text. */
export interface AdminArguments {
  /** The id of the client or of the key. */
  readonly name: string;
  readonly account: string | undefined;
  readonly id: string | undefined;
  readonly overlap: string | undefined;
  readonly dropFormer: boolean;
}

/** What a command prints when it is done, or why it cannot be done. */
export type AdminOutcome =
  | {
      /** For programs: `name=value` pairs, separated by blanks or one per line. May hold a new secret. */
      readonly lines: readonly string[];
      /** For a person. */
      readonly notes: readonly string[];
    }
  | { readonly problem: string };

/** A command such as `client add`, and its usage. */
export interface AdminCommand {
  readonly words: readonly [topic: string, verb: string];
  readonly usage: string;
  readonly purpose: string;
  /** Which of the arguments it takes. */
  readonly takes: readonly (keyof AdminArguments)[];
  /** Checks the arguments before the store is opened: what is wrong, or undefined. */
  readonly problem?: (given: AdminArguments) => string | undefined;
  readonly run: (context: AdminContext, given: AdminArguments) => Promise<AdminOutcome>;
}

/** As in the configuration: RFC 3986 unreserved. */
const NAME = /^[A-Za-z0-9._~-]{1,128}$/;
const NAME_FORM = '1 to 128 letters, digits and . _ ~ -';
const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
const MAX_OVERLAP_DAYS = 90;
const MS = 1000;
/** A token signed during a roll may be this much younger than the roll. */
const ROLL_GRACE_SECONDS = 60;

/** All commands, in the order of --help. */
export const ADMIN_COMMANDS: readonly AdminCommand[] = [
  {
    words: ['client', 'add'],
    usage: 'client add --account ID [--id ID]',
    purpose: 'makes a client, and its account if that is new; prints the secret, once only',
    takes: ['account', 'id'],
    problem: newClientProblem,
    run: addClient,
  },
  {
    words: ['client', 'list'],
    usage: 'client list [--account ID]',
    purpose: 'shows the clients of one account or of all, and when their secrets were made',
    takes: ['account'],
    run: listClients,
  },
  {
    words: ['client', 'rotate'],
    usage: 'client rotate CLIENT [--overlap TIME]',
    purpose:
      'gives a client a new secret and prints it, once only; the former one dies at once or after TIME',
    takes: ['name', 'overlap'],
    problem: overlapProblem,
    run: rotateClient,
  },
  {
    words: ['client', 'remove'],
    usage: 'client remove CLIENT',
    purpose: 'removes a client; its secrets and tokens die at once, its account stays',
    takes: ['name'],
    run: removeClient,
  },
  {
    words: ['key', 'list'],
    usage: 'key list',
    purpose: 'shows the keys of access tokens: the one that signs, and former ones still good',
    takes: [],
    run: listKeys,
  },
  {
    words: ['key', 'roll'],
    usage: 'key roll [--drop-former]',
    purpose: 'signs with a new key from now on; tokens of the former key expire as usual, or die at once',
    takes: ['dropFormer'],
    run: rollKey,
  },
  {
    words: ['key', 'drop'],
    usage: 'key drop KID',
    purpose: 'drops a former key; its tokens die at once',
    takes: ['name'],
    run: dropKey,
  },
];

function newClientProblem({ account, id }: AdminArguments): string | undefined {
  if (account === undefined) return 'name the account the client is for: --account ID';
  if (!NAME.test(account)) return `--account must be ${NAME_FORM}`;
  return id === undefined || NAME.test(id) ? undefined : `--id must be ${NAME_FORM}`;
}

async function addClient(context: AdminContext, given: AdminArguments): Promise<AdminOutcome> {
  const { store, randomBytes } = context;
  const { account = '', id = freshClientId(randomBytes) } = given;
  const secret = freshClientSecret(randomBytes);
  const stored = await storedClientSecret(secret, randomBytes);
  const made = await store.clients.create({ clientId: id, accountId: account }, stored);
  if (!made) return { problem: `there is a client ${id} already: choose another --id, or rotate that one` };
  return { lines: [`account=${account}`, `id=${id}`, `secret=${secret}`], notes: [] };
}

async function listClients({ store }: AdminContext, { account }: AdminArguments): Promise<AdminOutcome> {
  const clients = (await store.clients.list()).filter(
    ({ accountId }) => account === undefined || accountId === account,
  );
  const nobody = account === undefined ? 'there is no client' : `the account ${account} has no client`;
  return { lines: clients.map(clientLine), notes: clients.length === 0 ? [nobody] : [] };
}

function clientLine({ clientId, accountId, secrets }: OAuthClient): string {
  const [newest, former] = secrets;
  const since = newest === undefined ? [] : [`secret-since=${moment(newest.createdAt)}`];
  const until = former?.validUntil === undefined ? [] : [`former-until=${moment(former.validUntil)}`];
  return [`id=${clientId}`, `account=${accountId}`, ...since, ...until].join(' ');
}

function overlapProblem({ overlap }: AdminArguments): string | undefined {
  return overlap === undefined || secondsOf(overlap) !== undefined
    ? undefined
    : `--overlap must be a time such as 90s, 15m, 24h or 7d, of ${MAX_OVERLAP_DAYS} days at the most`;
}

async function rotateClient(context: AdminContext, given: AdminArguments): Promise<AdminOutcome> {
  const { store, now, randomBytes, configuredIds } = context;
  const { name, overlap } = given;
  const overlapSeconds = overlap === undefined ? undefined : secondsOf(overlap);
  const secret = freshClientSecret(randomBytes);
  const stored = await storedClientSecret(secret, randomBytes);
  const formerUntil = overlapSeconds === undefined ? undefined : now() + overlapSeconds * MS;
  if (!(await store.clients.rotate(name, stored, formerUntil))) return { problem: noClient(name) };
  const [, former] = (await store.clients.get(name))?.secrets ?? [];
  const fate = former?.validUntil === undefined ? 'are dead' : `are good until ${moment(former.validUntil)}`;
  const again =
    'the configuration names this client: put the new secret there, or a start brings the old back';
  return {
    lines: [`id=${name}`, `secret=${secret}`],
    notes: [
      `the former secret and the tokens bought with it ${fate}`,
      ...(configuredIds.has(name) ? [again] : []),
    ],
  };
}

async function removeClient({ store, configuredIds }: AdminContext, { name }: AdminArguments) {
  if (!(await store.clients.remove(name))) return { problem: noClient(name) };
  const again = 'the configuration names this client: take it out there, or a start makes it again';
  return {
    lines: [],
    notes: [`${name} is gone, and its tokens are dead`, ...(configuredIds.has(name) ? [again] : [])],
  };
}

async function listKeys({ store }: AdminContext): Promise<AdminOutcome> {
  const keys = await store.tokenKeys.list();
  return {
    lines: keys.map(keyLine),
    notes: keys.length === 0 ? ['there is no key yet: the first token makes one'] : [],
  };
}

function keyLine({ kid, createdAt, validUntil }: TokenKeyRecord): string {
  const fate = validUntil === undefined ? 'signs' : `good-until=${moment(validUntil)}`;
  return `kid=${kid} since=${moment(createdAt)} ${fate}`;
}

async function rollKey(context: AdminContext, { dropFormer }: AdminArguments): Promise<AdminOutcome> {
  const { store, now, randomBytes, tokenLifetimeSeconds } = context;
  const key = freshTokenKey(randomBytes);
  const formerUntil = dropFormer ? undefined : now() + (tokenLifetimeSeconds + ROLL_GRACE_SECONDS) * MS;
  await store.tokenKeys.roll(key, formerUntil);
  const fate =
    formerUntil === undefined
      ? 'every token there was is dead'
      : `tokens of the former key are good until they end, by ${moment(formerUntil)} at the latest`;
  return { lines: [`kid=${key.kid}`], notes: [fate] };
}

async function dropKey({ store }: AdminContext, { name }: AdminArguments): Promise<AdminOutcome> {
  if (await store.tokenKeys.drop(name)) return { lines: [], notes: [`tokens of ${name} are dead`] };
  const [signing] = await store.tokenKeys.list();
  return {
    problem:
      signing?.kid === name
        ? `${name} is the key that signs: roll it first ("key roll"), then drop it`
        : `there is no key ${name}: "key list" shows those there are`,
  };
}

function noClient(name: string): string {
  return `there is no client ${name}: "client list" shows those there are`;
}

function secondsOf(text: string): number | undefined {
  const [, count, unit = 's'] = /^(\d{1,8})([smhd])?$/.exec(text) ?? [];
  const seconds = Number(count) * (UNIT_SECONDS[unit] ?? Number.NaN);
  return seconds >= 1 && seconds <= MAX_OVERLAP_DAYS * 86_400 ? seconds : undefined;
}

function moment(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
