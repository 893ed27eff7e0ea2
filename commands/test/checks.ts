/** One thing that must hold before a change lands. */
export interface Check {
  readonly name: string;
  readonly command: readonly string[];
  /** Whether it runs only in the lab. */
  readonly needsLab?: boolean;
}

/** Run all at once: they only read, and take one core each. */
export const STATIC: readonly Check[] = [
  { name: 'format', command: ['npm', 'run', '--silent', 'check:format'] },
  { name: 'lint', command: ['npm', 'run', '--silent', 'check:lint'] },
  { name: 'types', command: ['npm', 'run', '--silent', 'check:types'] },
  { name: 'unused', command: ['npm', 'run', '--silent', 'check:unused'] },
];

/** Run one after the other, with their own output: they measure time and fill both cores. */
export const DYNAMIC: readonly Check[] = [
  { name: 'unit tests', command: ['npm', 'run', '--silent', 'check:unit'] },
  { name: 'features', command: [process.execPath, 'commands/features/main.ts'] },
  // All of them take a quarter of an hour: npm run faults, once a week.
  { name: 'faults', command: [process.execPath, 'commands/faults/main.ts', '--sample'], needsLab: true },
];
