// Everything that must hold before a change lands: format, lint, types, unused code, unit tests, features, and that the
// features find faults.
import { EXIT } from '../../harness/exit_code.ts';
import { wayIntoLab } from '../../harness/lab/namespace.ts';
import { runCommand, type Running } from '../command.ts';
import { DYNAMIC, STATIC } from './checks.ts';
import { HELP, readOptions } from './options.ts';
import { runCheck, type Checked } from './running_check.ts';

function said({ name, code, seconds }: Checked): string {
  return `${name} ${code === 0 ? 'ok' : `FAILED (exit code ${code})`}, ${seconds.toFixed(1)} s`;
}

async function run(_: undefined, { say, interruption }: Running): Promise<number> {
  const signal = interruption();
  say(STATIC.map(({ name }) => name).join(', '));
  const results = await Promise.all(
    STATIC.map(async (check) => {
      const checked = await runCheck(check, false, signal);
      say(said(checked));
      return checked;
    }),
  );
  const skipped: string[] = [];
  for (const check of DYNAMIC) {
    signal.throwIfAborted();
    const lab = check.needsLab === true ? wayIntoLab() : undefined;
    if (lab !== undefined && 'reason' in lab) {
      skipped.push(check.name);
      say(`${check.name} skipped: ${lab.reason}`);
      continue;
    }
    say(check.name);
    const checked = await runCheck(check, true, signal);
    say(said(checked));
    results.push(checked);
  }
  signal.throwIfAborted();
  const failed = results.filter(({ code }) => code !== 0);
  // What failed early is far above by now.
  for (const { name, output } of failed)
    process.stdout.write(`\n${name}, the end of its output:\n${output}\n`);
  const which = failed.length > 0 ? ` (${failed.map(({ name }) => name).join(', ')})` : '';
  const notRun = skipped.length > 0 ? `, ${skipped.length} skipped (${skipped.join(', ')})` : '';
  process.stdout.write(
    `\nchecks: ${results.length - failed.length} passed, ${failed.length} failed${which}${notRun}\n`,
  );
  return failed.length > 0 ? EXIT.notSo : EXIT.fine;
}

await runCommand({
  name: 'test',
  help: HELP,
  exits: { fine: 'all of it holds', notSo: 'a check failed' },
  readOptions,
  run,
});
