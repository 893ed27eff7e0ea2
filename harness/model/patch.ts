/** What inbound SIP of an application was before a PATCH. `off again`: it was on once. */
export type Before = 'off' | 'off again' | 'password' | 'list' | 'both';

/** A list of a PATCH: absent, or what it holds. */
export type ListValue<Flaw extends string> =
  | { readonly kind: 'absent' }
  | { readonly kind: 'good'; readonly entries: readonly string[] }
  | { readonly kind: 'bad'; readonly entries: readonly string[]; readonly flaw: Flaw };

/** What is wrong with a list of sources, by the rule that says so. */
export type SourceFlaw =
  'app.cidr.rejected' | 'app.cidr.malformed' | 'app.cidr.non-public' | 'app.cidr.limit';

/** A field that no PATCH may have, or with a value that it may not have. */
export interface Misfit {
  /** The rule that refuses it. */
  readonly rule: string;
  readonly field: string;
  readonly value: unknown;
  /** What is wrong, in the name of a row. */
  readonly what: string;
}

/** A PATCH and what it comes upon: one row of the table. */
export interface PatchRow {
  readonly before: Before;
  readonly enabled: 'absent' | boolean;
  readonly password: 'absent' | boolean;
  readonly sources: ListValue<SourceFlaw>;
  readonly regions: ListValue<'app.regions.unknown'>;
  /** Whether it gives the application another name, too. */
  readonly renames: boolean;
  readonly misfit: Misfit | undefined;
  /** So many of its fields are sent last instead of first. */
  readonly turn: number;
  readonly type: 'JSON' | 'merge patch';
  /** Sent once, sent again to the same application, or sent to another one, too. */
  readonly sent: 'once' | 'twice' | 'to two';
}

/** Inbound SIP of an application. */
export interface InboundState {
  readonly isOn: boolean;
  readonly hasPassword: boolean;
  readonly sources: readonly string[];
  readonly regions: readonly string[];
}

/** What a granted PATCH leaves. */
export interface GrantedPatch extends InboundState {
  /** The SIP URI, compared with that before, or with the last there was. */
  readonly uri: 'none' | 'same' | 'new';
  /** Whether the answer shows a password, which is then a new one. */
  readonly tellsPassword: boolean;
}

/** What the documents say of a row. At least one of the two outcomes is allowed. */
export interface PatchExpectation {
  /** The rule that decides. */
  readonly rule: string;
  /** Whether it may be refused with 400, so that nothing changes. */
  readonly mayBeRefused: boolean;
  /** What is so afterwards if it is granted; undefined where it may not be. */
  readonly granted: GrantedPatch | undefined;
}

/** What an application is before a PATCH. */
export const BEFORE: Readonly<Record<Before, InboundState>> = {
  off: { isOn: false, hasPassword: false, sources: [], regions: [] },
  'off again': { isOn: false, hasPassword: false, sources: [], regions: [] },
  password: { isOn: true, hasPassword: true, sources: [], regions: [] },
  list: { isOn: true, hasPassword: false, sources: ['203.0.113.0/24'], regions: [] },
  both: { isOn: true, hasPassword: true, sources: ['198.51.100.0/24', '203.0.113.7/32'], regions: ['EU'] },
};

/** What the documents say of a PATCH, from the rule catalogue alone. */
export function expectedPatch(row: PatchRow): PatchExpectation {
  const expected = expectedOfJson(row);
  return row.type === 'JSON' ? expected : { ...expected, rule: 'app.patch.merge-patch' };
}

function expectedOfJson(row: PatchRow): PatchExpectation {
  const refusals = refusalsOf(row);
  const [first] = refusals;
  // A refusal for one thing belongs to the rule about it, and one for several to the rule that nothing changes then.
  if (first !== undefined)
    return {
      rule: refusals.length === 1 ? first : 'app.patch.atomic',
      mayBeRefused: true,
      granted: undefined,
    };
  const granted = grantedBy(row);
  return { rule: ruleOfGranted(row, granted), mayBeRefused: isEmptyHanded(row), granted };
}

/** The rules that refuse it. */
function refusalsOf(row: PatchRow): readonly string[] {
  const { sources, regions, misfit } = row;
  const lists = [sources, regions].flatMap((list) => (list.kind === 'bad' ? [list.flaw] : []));
  const flaws = misfit === undefined ? lists : [...lists, misfit.rule];
  if (!isOnAfter(row)) return setsSomething(row) ? [...flaws, 'app.patch.atomic'] : flaws;
  // A list that is wrong counts as no list, and so may be all that is left.
  const wanted = stateAfter(row);
  const isUnprotected = !wanted.hasPassword && wanted.sources.length === 0 && sources.kind !== 'bad';
  const rule = BEFORE[row.before].isOn ? 'app.last-mechanism' : 'app.enable.needs-auth-mode';
  return isUnprotected ? [...flaws, rule] : flaws;
}

function isOnAfter({ before, enabled }: PatchRow): boolean {
  return enabled === 'absent' ? BEFORE[before].isOn : enabled;
}

/** Something is asked for that an application which is off cannot have. */
function setsSomething({ enabled, password, sources, regions }: PatchRow): boolean {
  if (enabled === 'absent')
    return password !== 'absent' || sources.kind !== 'absent' || regions.kind !== 'absent';
  return (
    password === true || [sources, regions].some((list) => list.kind === 'good' && list.entries.length > 0)
  );
}

/** It turns inbound SIP off and says, too, that there is nothing left: the documents do not say whether it may. */
function isEmptyHanded({ enabled, password, sources, regions }: PatchRow): boolean {
  return enabled === false && (password === false || sources.kind === 'good' || regions.kind === 'good');
}

function stateAfter(row: PatchRow): InboundState {
  const before = BEFORE[row.before];
  const { password, sources, regions } = row;
  return {
    isOn: isOnAfter(row),
    hasPassword: password === 'absent' ? before.hasPassword : password,
    sources: sources.kind === 'good' ? sources.entries : before.sources,
    regions: regions.kind === 'good' ? regions.entries : before.regions,
  };
}

function grantedBy(row: PatchRow): GrantedPatch {
  if (!isOnAfter(row))
    return { isOn: false, hasPassword: false, sources: [], regions: [], uri: 'none', tellsPassword: false };
  const uri = BEFORE[row.before].isOn ? 'same' : 'new';
  return { ...stateAfter(row), uri, tellsPassword: row.password === true };
}

function ruleOfGranted(row: PatchRow, { isOn, hasPassword, sources }: GrantedPatch): string {
  if (!isOn) return 'app.disable.clears';
  const { before, password } = row;
  if (before === 'off again') return 'app.reenable.fresh';
  if (before === 'off') {
    if (hasPassword && sources.length > 0) return 'app.enable.layered';
    return hasPassword ? 'app.enable.password' : 'app.enable.ip-only';
  }
  if (password === true) return 'app.rotate.keeps-rest';
  if (password === false) return 'app.password-off';
  return row.sources.kind === 'absent' ? 'app.regions.only' : 'app.source-ips.replaced-whole';
}
