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
const VIAS = ['own address', "another customer's address", 'host name'] as const;
const TAGS = ['none', 'invented'] as const;
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

/**
 * The whole decision table: every combination of the dimensions that makes sense. The first part varies whom the INVITE
 * is for and whose credentials it brings, the second one who sends it, how it proves itself, and what it pretends.
 *
 * @param forms by what an application can be named on this target
 */
export function decisionRows(forms: readonly ('id' | 'uri')[]): readonly TableRow[] {
  const known = NAMES.filter((name) => (name !== 'id' && name !== 'uri') || forms.includes(name));
  return [...byName(known), ...bySource(forms)].map((row) => ({ row, name: nameOf(row), ...expected(row) }));
}

function* byName(names: readonly Name[]): Generator<Row> {
  const fixed = { region: 'any', caller: 'US', via: 'own address', toTag: 'none' } as const;
  for (const mode of ['password', 'both', 'list'] as const) {
    for (const requestUri of names) {
      for (const to of names) {
        for (const credentials of ['none', 'right', 'wrong', 'right, forged nonce'] as const) {
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
  for (const mode of ['password', 'list', 'both', 'off', 'unknown'] as const) {
    const isLive = mode !== 'off' && mode !== 'unknown';
    for (const region of isLive ? REGIONS : REGIONS.slice(0, 1)) {
      for (const caller of CALLERS) {
        for (const credentials of CREDENTIALS) {
          for (const via of VIAS) {
            for (const toTag of TAGS) {
              const called = calledAs(mode, forms[parity(count++) % forms.length] ?? 'id');
              // The first part has these.
              if (isLive && isOfFirstPart(region, caller, credentials, via, toTag)) continue;
              const fixed = { requestUri: called, to: called, user: called };
              yield { mode, region, caller, credentials, via, toTag, ...fixed };
            }
          }
        }
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

function isOfFirstPart(
  region: Row['region'],
  caller: Row['caller'],
  credentials: CredentialsKind,
  via: Row['via'],
  toTag: Row['toTag'],
): boolean {
  const isPlain = region === 'any' && caller === 'US' && via === 'own address' && toTag === 'none';
  return isPlain && ['none', 'right', 'wrong', 'right, forged nonce'].includes(credentials);
}

const MODES: Readonly<Record<Row['mode'], string>> = {
  password: 'a password asked for',
  list: 'a listed source asked for',
  both: 'a password and a listed source asked for',
  off: 'switched off',
  unknown: 'no such application',
};

function nameOf({ mode, region, caller, requestUri, to, user, credentials, via, toTag }: Row): string {
  const parts = [
    MODES[mode],
    region === 'any' ? '' : `region ${region} only`,
    `caller ${caller}`,
    requestUri === to ? `called by ${requestUri}` : `Request-URI ${requestUri}, To ${to}`,
    credentials === 'none' ? 'no credentials' : `credentials of ${user}: ${credentials}`,
    via === 'own address' ? '' : `Via with ${via}`,
    toTag === 'none' ? '' : 'invented To tag',
  ];
  return parts.filter((part) => part !== '').join('; ');
}
