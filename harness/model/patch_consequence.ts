import { insidePrefix } from '../lab/ipv4.ts';
import { expected, type Expectation, type Mode, type Row } from './decision.ts';
import { BEFORE, type InboundState } from './patch.ts';
import type { PatchTableRow } from './patch_rows.ts';

/** Who calls an application that a PATCH has left. */
export interface PatchCaller {
  readonly address: string;
  /** Null: nobody knows it. */
  readonly region: string | null;
}

/** An INVITE that says nothing of itself. */
const BARE = {
  transport: 'UDP',
  requestUri: 'id',
  to: 'id',
  user: 'id',
  credentials: 'none',
  via: 'own address',
  toTag: 'none',
  qop: 'auth',
  cseq: 1,
} as const;

/** What the documents say of an INVITE without credentials, to the application that the row's PATCH leaves. */
export function consequenceOf({ row, granted }: PatchTableRow, caller: PatchCaller): Expectation {
  const state = granted ?? BEFORE[row.before];
  // In the decision table it is US that is listed.
  const isListed = state.sources.some((prefix) => insidePrefix(caller.address, prefix));
  const [name, other] = isListed ? (['US', 'EU'] as const) : (['EU', 'US'] as const);
  return expected({
    ...BARE,
    mode: modeOf(state),
    caller: name,
    region: regionOf(state, caller, name, other),
  });
}

function modeOf({ isOn, hasPassword, sources }: InboundState): Mode {
  if (!isOn) return 'off';
  if (sources.length === 0) return 'password';
  return hasPassword ? 'both' : 'list';
}

function regionOf<Name extends Row['region']>(
  { regions }: InboundState,
  { region }: PatchCaller,
  own: Name,
  other: Name,
): Name | 'any' {
  if (regions.length === 0) return 'any';
  return region !== null && regions.includes(region) ? own : other;
}
