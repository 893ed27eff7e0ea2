/** What an application lets in, or why it lets nobody in. */
export type Mode = 'password' | 'list' | 'both' | 'off' | 'unknown';

/**
 * What names whom: the application that is called, by its id or the user part of its SIP URI; the user part of a SIP
 * URI that it had before; another application that asks for a password, too; or nobody.
 */
export type Name = 'id' | 'uri' | 'former' | 'other' | 'nobody';

/** What the INVITE brings along for its proof. Right and wrong answers are to a nonce that was just issued. */
export type CredentialsKind =
  | 'none'
  | 'right'
  | 'wrong'
  | 'right, old nonce'
  | 'wrong, old nonce'
  | 'right, forged nonce'
  | 'right, used nonce count'
  | 'right, foreign realm'
  | 'right, for another application'
  | 'right, for another host';

/** Who calls: the only one that a list of sources holds is `US`; nobody knows the region of `elsewhere`. */
export type CallerName = 'US' | 'EU' | 'elsewhere';

/** What an INVITE is decided by: one row of the decision table. */
export interface Row {
  readonly transport: 'UDP' | 'TCP';
  readonly mode: Mode;
  /** The only region that the application lets in; `any`: it names none. */
  readonly region: 'any' | 'US' | 'EU';
  readonly caller: CallerName;
  readonly requestUri: Name;
  readonly to: Name;
  /** Whose name and password the credentials are made of. */
  readonly user: Name;
  readonly credentials: CredentialsKind;
  /** Whose address the Via has as its sent-by: a host name proves as little as the address of somebody else. */
  readonly via: 'own address' | "another customer's address" | 'host name';
  /** Whether To has a tag that no dialog has. */
  readonly toTag: 'none' | 'invented';
  /** Whether the answer to the nonce has a qop. */
  readonly qop: 'auth' | 'none';
  /** The number of the INVITE in its call: its CSeq. */
  readonly cseq: 1 | 2;
}

/** What may become of an INVITE. `407 stale`: the challenge says that only the nonce was too old. */
export type Outcome = 'through' | '401' | '403' | '407' | '407 stale' | '481';

/** What the documents say of a row. */
export interface Expectation {
  /** The rule that decides. */
  readonly rule: string;
  /** Every outcome that the documents allow. */
  readonly acceptable: readonly Outcome[];
}

/** A challenge that says stale is a challenge; only sip.auth.stale-nonce asks for it. */
const CHALLENGED: readonly Outcome[] = ['407', '407 stale'];

/**
 * What the documents say of an INVITE, from the rule catalogue alone. Where they leave a choice, such as which of two
 * refusals comes first, each is acceptable (rules amb.layered-order, amb.403-order).
 */
export function expected(row: Row): Expectation {
  const untagged = expectedUntagged(row);
  if (row.toTag === 'none') return untagged;
  const refusals = untagged.acceptable.filter((outcome) => outcome !== 'through');
  const instead: readonly Outcome[] = refusals.length > 0 ? refusals : CHALLENGED;
  return { rule: 'sip.dialog.auth', acceptable: [...instead, '481'] };
}

function expectedUntagged(row: Row): Expectation {
  const { requestUri } = row;
  const named = calledBy(row);
  if (named === 'mismatch') {
    const rule = isTheOne(requestUri) ? 'sip.identity.to' : 'sip.identity.request-uri';
    const late = isUnproved(row) ? CHALLENGED : [];
    return { rule, acceptable: ['403', ...late, ...(isBarred(row) ? (['401'] as const) : [])] };
  }
  if (named === 'nobody')
    return { rule: 'sip.unknown-application', acceptable: ['401', ...foreignUser(row)] };
  // The other application asks for a password, and for nothing else.
  const called: Row = named === 'other' ? { ...row, mode: 'password', region: 'any' } : row;
  if (called.mode === 'off') return { rule: 'sip.disabled', acceptable: ['401', ...foreignUser(row)] };
  return isBarred(called) ? expectedOfBarred(called) : expectedOfAdmitted(called);
}

/** Whom Request-URI and To name together (rules sip.identity.*, amb.sip-uri-user). */
function calledBy({ requestUri, to }: Row): 'it' | 'other' | 'nobody' | 'mismatch' {
  if (isTheOne(requestUri) && isTheOne(to)) return 'it';
  if (requestUri !== to) return 'mismatch';
  return requestUri === 'other' ? 'other' : 'nobody';
}

function isTheOne(name: Name): boolean {
  return name === 'id' || name === 'uri';
}

/** The source is on no list that has to hold it, or in no region that has to. */
function isBarred(row: Row): boolean {
  return isUnlisted(row) || isOutOfRegion(row);
}

function isUnlisted({ mode, caller }: Row): boolean {
  return (mode === 'list' || mode === 'both') && caller !== 'US';
}

function isOutOfRegion({ region, caller }: Row): boolean {
  return region !== 'any' && caller !== region;
}

/** Source and region come before the challenge, but a service may challenge first. */
function expectedOfBarred(row: Row): Expectation {
  const { mode } = row;
  const unlisted = mode === 'both' ? 'sip.layered.ip-fails' : 'sip.ip.not-listed';
  const rule = isUnlisted(row) ? unlisted : 'sip.region.refused';
  if (mode === 'list') return { rule, acceptable: ['401'] };
  return { rule, acceptable: ['401', ...(isUnproved(row) ? CHALLENGED : []), ...foreignUser(row)] };
}

/** What the source and region do not decide. */
function expectedOfAdmitted(row: Row): Expectation {
  const { mode, region, credentials } = row;
  if (mode === 'list') {
    return {
      rule: region === 'any' ? 'sip.ip.no-challenge' : 'sip.region.allowed',
      acceptable: ['through'],
    };
  }
  if (credentials === 'none') return { rule: 'sip.challenge', acceptable: CHALLENGED };
  if (credentials === 'right, foreign realm')
    return { rule: 'sip.auth.foreign-realm', acceptable: CHALLENGED };
  if (foreignUser(row).length === 0) return expectedOfDigest(row);
  return { rule: 'sip.identity.auth-user', acceptable: ['403', ...(isUnproved(row) ? CHALLENGED : [])] };
}

function expectedOfDigest({ mode, region, credentials }: Row): Expectation {
  switch (credentials) {
    case 'wrong':
      return {
        rule: mode === 'both' ? 'sip.layered.digest-fails' : 'sip.auth.wrong-password',
        acceptable: ['401'],
      };
    case 'right, old nonce':
      return { rule: 'sip.auth.stale-nonce', acceptable: ['407 stale'] };
    case 'wrong, old nonce':
      return { rule: 'sip.auth.stale-nonce', acceptable: CHALLENGED };
    case 'right, forged nonce':
      return { rule: 'sip.auth.forged-nonce', acceptable: CHALLENGED };
    case 'right, used nonce count':
      return { rule: 'sip.auth.nonce-replay', acceptable: CHALLENGED };
    case 'right, for another application':
    case 'right, for another host':
      return { rule: 'hard.digest.uri', acceptable: CHALLENGED };
    default:
      return { rule: letInBy(mode, region), acceptable: ['through'] };
  }
}

function letInBy(mode: Mode, region: Row['region']): string {
  if (region !== 'any') return 'sip.region.allowed';
  return mode === 'both' ? 'sip.layered.both' : 'sip.auth.accepted';
}

/** Nothing that could prove anything: a service that looks at the proof first asks for another. */
function isUnproved({ credentials }: Row): boolean {
  return credentials !== 'right' && credentials !== 'wrong';
}

/** The refusal for credentials in another name than that of the application that is called, if they are. */
function foreignUser({ requestUri, user, credentials }: Row): readonly Outcome[] {
  const isItsOwn = isTheOne(requestUri) ? isTheOne(user) : user === requestUri;
  return credentials === 'none' || isItsOwn ? [] : ['403'];
}
