import { expected, type CredentialsKind, type Expectation, type Name, type Row } from './decision.ts';
import { Mixture } from './mixture.ts';

/** A row, what the documents say of it, and what a reader calls it. */
export interface TableRow extends Expectation {
  readonly row: Row;
  /** Its coordinates, in the rules' words. Unique in the table. */
  readonly name: string;
}

/** A form by which an application can be named. */
export type NameForm = 'id' | 'uri';

const NAMES: readonly Name[] = ['id', 'uri', 'former', 'other', 'nobody'];
const CALLERS = ['US', 'EU', 'elsewhere'] as const;
const REGIONS = ['any', 'US', 'EU'] as const;
const MODES = ['password', 'list', 'both', 'off', 'unknown'] as const;
const VIAS = ['own address', "another customer's address", 'host name'] as const;
const TAGS = ['none', 'invented'] as const;
const TRANSPORTS = ['UDP', 'TCP'] as const;
const CREDENTIALS: readonly CredentialsKind[] = [
  'none',
  'right',
  'wrong',
  'right, old nonce',
  'wrong, old nonce',
  'right, forged nonce',
  'right, used nonce count',
  'right, foreign realm',
  'right, for another application',
  'right, for another host',
];
const PLAIN_CREDENTIALS = CREDENTIALS.slice(0, 3);

/**
 * The whole decision table. The first part has every combination of whom the INVITE is for and whose credentials it
 * brings; the second one of who sends it, how it proves itself, and what it pretends. In each part the other dimensions
 * are mixed in, so that none of their values goes along with any other.
 *
 * @param forms by what an application can be named on this target
 */
export function decisionRows(forms: readonly NameForm[]): readonly TableRow[] {
  const rows = [...byName(forms), ...bySource(forms)];
  const byItsName = new Map(rows.map((row) => [nameOf(row), row]));
  return [...byItsName].map(([name, row]) => ({ row, name, ...expected(row) }));
}

function* byName(forms: readonly NameForm[]): Generator<Row> {
  const names = NAMES.filter((name) => (name !== 'id' && name !== 'uri') || forms.includes(name));
  const mix = new Mixture();
  for (const mode of ['password', 'both', 'list'] as const) {
    for (const requestUri of names) {
      for (const to of names) {
        for (const credentials of [...PLAIN_CREDENTIALS, mix.one(CREDENTIALS.slice(3))]) {
          // Without credentials there is no user.
          for (const user of credentials === 'none' ? names.slice(0, 1) : names) {
            // From where it may call: the names alone decide.
            const caller = mode === 'password' ? mix.one(CALLERS) : 'US';
            const region = caller === 'elsewhere' ? 'any' : mix.one(['any', caller] as const);
            const named = { requestUri, to, user };
            yield {
              mode,
              region,
              caller,
              ...named,
              credentials,
              toTag: 'none',
              ...mixedIn(mix, credentials),
            };
          }
        }
      }
    }
  }
}

function* bySource(forms: readonly NameForm[]): Generator<Row> {
  const mix = new Mixture();
  for (const mode of MODES) {
    const isLive = mode !== 'off' && mode !== 'unknown';
    for (const region of isLive ? REGIONS : REGIONS.slice(0, 1)) {
      for (const caller of CALLERS) {
        for (const credentials of CREDENTIALS) {
          for (const via of VIAS) {
            for (const toTag of TAGS) {
              const called = (): Name => calledAs(mode, mix.one(forms));
              const named = { requestUri: called(), to: called(), user: called() };
              yield { mode, region, caller, ...named, credentials, toTag, ...mixedIn(mix, credentials), via };
            }
          }
        }
      }
    }
  }
}

/** What the documents never ask for, and some other things that decide nothing where all else is as it should be. */
function mixedIn(
  mix: Mixture,
  credentials: CredentialsKind,
): Pick<Row, 'transport' | 'via' | 'qop' | 'cseq'> {
  // Without qop there is no count.
  const qops = credentials === 'right, used nonce count' ? (['auth'] as const) : (['auth', 'none'] as const);
  return {
    transport: mix.one(TRANSPORTS),
    via: mix.one(VIAS),
    qop: mix.one(qops),
    cseq: mix.one([1, 2]),
  };
}

/** An application that is off has no SIP URI, and one that does not exist has no name at all. */
function calledAs(mode: Row['mode'], form: NameForm): Name {
  if (mode === 'unknown') return 'nobody';
  return mode === 'off' ? 'id' : form;
}

const MODE_NAMES: Readonly<Record<Row['mode'], string>> = {
  password: 'a password asked for',
  list: 'a listed source asked for',
  both: 'a password and a listed source asked for',
  off: 'switched off',
  unknown: 'no such application',
};

function nameOf(row: Row): string {
  const { mode, region, caller, requestUri, to, user, credentials, qop } = row;
  const proof = `credentials of ${user}${qop === 'none' ? ' without qop' : ''}: ${credentials}`;
  const parts = [
    MODE_NAMES[mode],
    region === 'any' ? '' : `region ${region} only`,
    `caller ${caller}`,
    requestUri === to ? `called by ${requestUri}` : `Request-URI ${requestUri}, To ${to}`,
    credentials === 'none' ? 'no credentials' : proof,
    row.via === 'own address' ? '' : `Via with ${row.via}`,
    row.toTag === 'none' ? '' : 'invented To tag',
    row.cseq === 1 ? '' : 'second INVITE',
    row.transport === 'UDP' ? '' : 'over TCP',
  ];
  return parts.filter((part) => part !== '').join('; ');
}
