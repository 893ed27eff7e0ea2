import { expected, type CredentialsKind, type Expectation, type Name, type Row } from './decision.ts';

/** A row, what the documents say of it, and what a reader calls it. */
export interface TableRow extends Expectation {
  readonly row: Row;
  /** Its coordinates, in the rules' words. Unique in the table. */
  readonly name: string;
}

const NAMES: readonly Name[] = ['id', 'uri', 'former', 'other', 'nobody'];
const CALLERS = ['US', 'EU', 'elsewhere'] as const;
const REGIONS = ['any', 'US', 'EU'] as const;
const MODES = ['password', 'list', 'both', 'off', 'unknown'] as const;
const CREDENTIALS: readonly CredentialsKind[] = [
  'none',
  'right',
  'wrong',
  'right, old nonce',
  'wrong, old nonce',
  'right, forged nonce',
  'right, used nonce count',
  'right, foreign realm',
];

const FIRST_CREDENTIALS: readonly CredentialsKind[] = ['none', 'right', 'wrong', 'right, forged nonce'];
/** How an INVITE comes, and what it pretends to be. */
const PRETENCES: readonly (readonly [Row['transport'], Row['via'], Row['toTag']])[] = [
  ['UDP', 'own address', 'none'],
  ['UDP', 'own address', 'invented'],
  ['UDP', "another customer's address", 'none'],
  ['UDP', "another customer's address", 'invented'],
  ['UDP', 'host name', 'none'],
  ['UDP', 'host name', 'invented'],
  ['TCP', 'own address', 'none'],
];

/**
 * The whole decision table: every combination of the dimensions that makes sense. The first part varies whom the INVITE
 * is for and whose credentials it brings, the second one who sends it, how it proves itself, and what it pretends; over
 * TCP it pretends nothing.
 *
 * @param forms by what an application can be named on this target
 */
export function decisionRows(forms: readonly ('id' | 'uri')[]): readonly TableRow[] {
  const known = NAMES.filter((name) => (name !== 'id' && name !== 'uri') || forms.includes(name));
  return [...byName(known), ...bySource(forms)].map((row) => ({ row, name: nameOf(row), ...expected(row) }));
}

function* byName(names: readonly Name[]): Generator<Row> {
  const fixed = {
    transport: 'UDP',
    region: 'any',
    caller: 'US',
    via: 'own address',
    toTag: 'none',
  } as const;
  for (const mode of ['password', 'both', 'list'] as const) {
    for (const requestUri of names) {
      for (const to of names) {
        for (const credentials of FIRST_CREDENTIALS) {
          // Without credentials there is no user.
          for (const user of credentials === 'none' ? names.slice(0, 1) : names)
            yield { ...fixed, mode, requestUri, to, user, credentials };
        }
      }
    }
  }
}

function* bySource(forms: readonly ('id' | 'uri')[]): Generator<Row> {
  let count = 0;
  for (const [mode, region, caller, credentials] of proofs()) {
    for (const [transport, via, toTag] of PRETENCES) {
      const called = calledAs(mode, forms[parity(count++) % forms.length] ?? 'id');
      const row: Row = {
        transport,
        mode,
        region,
        caller,
        requestUri: called,
        to: called,
        user: called,
        credentials,
        via,
        toTag,
      };
      if (!isOfFirstPart(row)) yield row;
    }
  }
}

/** What a call is refused or let in for. */
function* proofs(): Generator<readonly [Row['mode'], Row['region'], Row['caller'], CredentialsKind]> {
  for (const mode of MODES) {
    const isLive = mode !== 'off' && mode !== 'unknown';
    for (const region of isLive ? REGIONS : REGIONS.slice(0, 1)) {
      for (const caller of CALLERS) {
        for (const credentials of CREDENTIALS) yield [mode, region, caller, credentials];
      }
    }
  }
}

/** Whether a number has an odd number of bits: a mixture of two forms in which no dimension goes along with one. */
function parity(number: number): number {
  let rest = number;
  let odd = 0;
  for (; rest > 0; rest >>= 1) odd ^= rest & 1;
  return odd;
}

/** An application that is off has no SIP URI, and one that does not exist has no name at all. */
function calledAs(mode: Row['mode'], form: Name): Name {
  if (mode === 'unknown') return 'nobody';
  return mode === 'off' ? 'id' : form;
}

/** The first part has this row in each form of the name. */
function isOfFirstPart({ transport, mode, region, caller, credentials, via, toTag }: Row): boolean {
  const isPlain = region === 'any' && caller === 'US' && via === 'own address' && toTag === 'none';
  const isLive = mode !== 'off' && mode !== 'unknown';
  return transport === 'UDP' && isLive && isPlain && FIRST_CREDENTIALS.includes(credentials);
}

const MODE_NAMES: Readonly<Record<Row['mode'], string>> = {
  password: 'a password asked for',
  list: 'a listed source asked for',
  both: 'a password and a listed source asked for',
  off: 'switched off',
  unknown: 'no such application',
};

function nameOf({
  transport,
  mode,
  region,
  caller,
  requestUri,
  to,
  user,
  credentials,
  via,
  toTag,
}: Row): string {
  const parts = [
    MODE_NAMES[mode],
    region === 'any' ? '' : `region ${region} only`,
    `caller ${caller}`,
    requestUri === to ? `called by ${requestUri}` : `Request-URI ${requestUri}, To ${to}`,
    credentials === 'none' ? 'no credentials' : `credentials of ${user}: ${credentials}`,
    via === 'own address' ? '' : `Via with ${via}`,
    toTag === 'none' ? '' : 'invented To tag',
    transport === 'UDP' ? '' : 'over TCP',
  ];
  return parts.filter((part) => part !== '').join('; ');
}
