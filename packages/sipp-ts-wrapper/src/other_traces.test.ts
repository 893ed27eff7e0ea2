import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, describe, test } from 'node:test';

import { scenarioFile } from '../test/peers.ts';
import { locateSipp, sippWarning } from './executable.ts';
import { runSipp, startSipp } from './run.ts';
import { SippError } from './sipp_error.ts';

const folder = mkdtempSync(join(tmpdir(), 'newer-sipp-'));
after(() => rmSync(folder, { recursive: true }));
const real = await locateSipp('sipp');

/** The real SIPp. `afterwards` is done to its message trace, `$trace`, at its end. */
function sippThat(afterwards: string, version = real.version): string {
  const place = mkdtempSync(join(folder, 'bin-'));
  const path = join(place, 'sipp');
  const script = `#!/bin/sh
if [ "$1" = -v ]; then echo " SIPp v${version}-TLS."; exit 99; fi
trace=$(printf '%s\\n' "$@" | sed -n '/^-message_file$/{n;p;}')
'${real.path}' "$@"
code=$?
[ -n "$trace" ] || exit $code
${afterwards}
exit $code
`;
  writeFileSync(path, script, { mode: 0o755 });
  return path;
}

async function callWith(executable: string, trace = { messages: true }) {
  const uas = await startSipp({ scenario: scenarioFile('options_server'), timeoutMs: 20_000 });
  try {
    const remote = { host: uas.local.address, port: uas.local.port };
    return await runSipp({ scenario: scenarioFile('options_client'), remote, executable, trace });
  } finally {
    await uas.stop(0);
  }
}

const unreadable = (message: RegExp) => (failure: unknown) => {
  assert.ok(failure instanceof SippError, String(failure));
  assert.equal(failure.code, 'TRACE_UNREADABLE');
  assert.match(failure.message, message);
  return true;
};

describe('a SIPp that writes otherwise than those tested', () => {
  test('is an error where its messages have an unknown form', async () => {
    const executable = sippThat(`sed -i 's/ bytes)\\{0,1\\}/ octets/' "$trace"`);
    await assert.rejects(callWith(executable), unreadable(/the line "UDP message sent .* octets:"/));
  });

  for (const [what, afterwards] of [
    ['is empty', ': >"$trace"'],
    ['is missing', 'rm "$trace"'],
    ['holds something else', 'echo "<message/>" >"$trace"'],
  ] as const) {
    test(`is an error where its trace ${what} although calls were made`, async () => {
      const executable = sippThat(afterwards);
      await assert.rejects(
        callWith(executable),
        unreadable(/^SIPp \S+ counted 1 successful call, but no message/),
      );
      assert.equal((await callWith(executable, { messages: false })).outcome, 'passed');
    });
  }

  test('is named in one line, by the library and by the command', async () => {
    const executable = sippThat(':', '3.9.0');
    assert.match(
      (await sippWarning(executable))!,
      /^SIPp 3\.9\.0 was never tested .* 3\.6\.1 to 3\.7\.7: .*$/,
    );
    assert.equal(await sippWarning(real.path), undefined);
    assert.equal(await sippWarning(join(folder, 'nowhere')), undefined);
    const script = join(import.meta.dirname, 'sipp_run.ts');
    const path = [join(executable, '..'), process.env['PATH']].join(delimiter);
    const { stderr, status } = spawnSync(process.execPath, [script, '/nowhere/a.xml'], {
      env: { PATH: path },
      encoding: 'utf8',
    });
    assert.match(stderr, /^sipp-run: SIPp 3\.9\.0 was never tested .*\nsipp-run: SCENARIO_MISSING: .*\n$/);
    assert.equal(status, 2);
  });
});
