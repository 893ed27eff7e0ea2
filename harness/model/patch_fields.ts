import type { PatchRow } from './patch.ts';

/** The name that a PATCH gives an application, too. */
export const OTHER_NAME = 'renamed by a row';

/** More entries than these are counted in the name of a row, and not told. */
const MOST_TOLD = 3;

/** The fields of a row's PATCH, in the order in which they are sent. */
export function fieldsOf(row: PatchRow): readonly (readonly [name: string, value: unknown])[] {
  const { enabled, password, sources, regions, renames, misfit, turn } = row;
  const fields = [
    ...(enabled === 'absent' ? [] : [['inboundSipCallsEnabled', enabled] as const]),
    ...(password === 'absent' ? [] : [['passwordAuthEnabled', password] as const]),
    ...(sources.kind === 'absent' ? [] : [['allowedSourceIps', sources.entries] as const]),
    ...(regions.kind === 'absent' ? [] : [['allowedRegions', regions.entries] as const]),
    ...(renames ? [['applicationName', OTHER_NAME] as const] : []),
    ...(misfit === undefined ? [] : [[misfit.field, misfit.value] as const]),
  ];
  const first = turn % Math.max(fields.length, 1);
  return [...fields.slice(first), ...fields.slice(0, first)];
}

/** What a reader calls a row: what was before, and the fields as they are sent. */
export function nameOfPatch(row: PatchRow): string {
  const { before, misfit, type, sent } = row;
  const states = {
    off: 'off',
    'off again': 'off again',
    password: 'on with a password',
    list: 'on with a list',
    both: 'on with a password, a list and a region',
  };
  const told = (name: string, value: unknown): string => {
    if (name === misfit?.field) return `${name} ${misfit.what}`;
    if (name === 'applicationName') return 'another name';
    return `${name} ${Array.isArray(value) ? listed(value.map(String)) : String(value)}`;
  };
  const parts = [
    ...fieldsOf(row).map(([name, value]) => told(name, value)),
    ...(type === 'JSON' ? [] : ['as a merge patch']),
    ...(sent === 'once' ? [] : [`sent ${sent}`]),
  ];
  return `${states[before]}; ${parts.join('; ')}`;
}

function listed(entries: readonly string[]): string {
  if (entries.length <= MOST_TOLD) return `[${entries.join(', ')}]`;
  return `[${entries[0]}, ${entries[1]} … ${entries.at(-1)}: ${entries.length}]`;
}
