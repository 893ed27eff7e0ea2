import type { OxlintOverride } from 'oxlint';

/** Rooms (folders of source), each with the rooms that its files may import from. */
export type Walls = Readonly<Record<string, readonly string[]>>;

/** The repository's rooms. `commands` puts them together and may import from all. */
export const ROOMS: Walls = {
  packages: [],
  harness: ['packages'],
  steps: ['harness'],
  reports: ['harness'],
  impl: [],
  faults: ['impl'],
  mutants: ['harness'],
  bench: ['harness', 'impl', 'packages', 'commands'],
};

/** The reference's rooms. `main.ts` and `system.ts` put them together and may import from all. */
export const IMPL_ROOMS: Walls = {
  runtime: [],
  net: [],
  observe: ['runtime'],
  sip: ['runtime', 'net', 'observe'],
  store: ['runtime', 'net'],
  edge: ['sip', 'store', 'runtime', 'net', 'observe'],
  api: ['store', 'runtime', 'net', 'observe'],
  config: ['api/settings.ts', 'edge/settings.ts', 'store/settings.ts', 'observe/settings.ts', 'runtime'],
  workers: ['config', 'edge', 'store', 'runtime', 'net', 'observe'],
  admin: ['config', 'api', 'store', 'runtime'],
};

/** Packages that some rooms must not import, with those rooms. */
const PACKAGES_OUT_OF_PLACE: Walls = {
  'sipp-ts-wrapper': ['impl', 'faults', 'mutants', 'steps'],
  '@cucumber/*': ['impl', 'faults', 'mutants'],
  '@cucumber/cucumber': ['harness'],
};

const MESSAGES: Readonly<Record<string, string>> = {
  packages: 'a package is published alone.',
  harness:
    'harness stands between steps and packages: it sees the reference as a process, and reports read its output.',
  steps: 'steps say what to do; the harness knows how.',
  reports: 'reports read the output of the harness, nothing else.',
  impl: 'impl is a system under test like any other: it knows nothing of the suite.',
  faults: 'a fault is a part of the reference: it knows nothing of the suite that has to find it.',
  mutants: 'mutants are made of the text of the reference: they import nothing of it.',
  bench: 'a bench drives the target from outside.',
};

interface Pattern {
  readonly group: string[];
  readonly message: string;
}

const TEST_FILES = ['**/*.test.ts', '**/testing/**/*.ts', 'reports/fixtures/**/*.ts'];
const TESTING: Pattern = { group: ['**/testing/**'], message: 'testing/ is for tests alone.' };

/** The walls as rules of the linter. If several overrides match a file, the last one applies. */
export function wallOverrides(): OxlintOverride[] {
  const rooms = Object.keys(ROOMS);
  return [
    ...rooms.map((room) => override(room, [wallAround(room)])),
    ...rooms.filter((room) => room !== 'bench').map((room) => production(room, [wallAround(room)])),
    production('commands', []),
    ...Object.keys(IMPL_ROOMS).map((room) =>
      production(`impl/${room}`, [wallAround('impl'), implWall(room)]),
    ),
  ];
}

/** The override for files that are not tests, which may not import testing/. Only a bench may. */
function production(folder: string, patterns: readonly Pattern[]): OxlintOverride {
  return { ...override(folder, [...patterns, TESTING]), excludeFiles: TEST_FILES };
}

function override(folder: string, patterns: readonly Pattern[]): OxlintOverride {
  return {
    files: [`${folder}/**/*.ts`],
    rules: { 'eslint/no-restricted-imports': ['error', { patterns: [...patterns] }] },
  };
}

function wallAround(room: string): Pattern {
  const may = new Set([room, ...(ROOMS[room] ?? [])]);
  const rooms = [...Object.keys(ROOMS), 'commands'].filter((other) => !may.has(other));
  const packages = Object.entries(PACKAGES_OUT_OF_PLACE).filter(([, where]) => where.includes(room));
  return {
    group: [...rooms.map((other) => `**/${other}/**`), ...packages.map(([name]) => name)],
    message: MESSAGES[room] ?? '',
  };
}

function implWall(room: string): Pattern {
  const may = IMPL_ROOMS[room] ?? [];
  const others = Object.keys(IMPL_ROOMS).filter((other) => other !== room && !may.includes(other));
  const doors = may.filter((door) => door.includes('/')).map((door) => `!**/${door}`);
  return {
    group: [...others.map((other) => `**/${other}/**`), '**/system.ts', '**/main.ts', ...doors],
    message: `${room} may import from ${may.length === 0 ? 'no other room' : may.join(', ')} (lint/walls.ts).`,
  };
}
