import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';

import { main } from './cli.ts';
import { checkScenario, readScenario } from './scenario.ts';
import { SippError, type SippErrorCode } from './sipp_error.ts';
import { parseXml } from './xml.ts';

const folder = mkdtempSync(join(tmpdir(), 'scenario-limits-'));
after(() => rmSync(folder, { recursive: true }));

const none = { keys: [], fields: 0 };
const HEAD = '<?xml version="1.0"?>\n<scenario name="x">\n';
const message = (lines: string) =>
  `${HEAD}<send><![CDATA[\nOPTIONS sip:a SIP/2.0\n${lines}]]></send></scenario>`;

const openValue = (pairs: number) => `${HEAD}<recv request="${'\\\\'.repeat(pairs)}`;
const withKeyword = (length: number) => message(`[${'last_'.padEnd(length, 'a')}]`);

function padded(octets: number): string {
  const [head = '', tail = ''] = message('|').split('|');
  return head + '\n'.repeat(octets - head.length - tail.length) + tail;
}

function hasCode(code: SippErrorCode, text: RegExp) {
  return (failure: unknown) => {
    assert.ok(failure instanceof SippError, String(failure));
    assert.equal(failure.code, code);
    assert.match(failure.message, text);
    return true;
  };
}

/** Asserts that ten times the input takes about ten times as long, with room for a busy machine. */
function assertLinear(read: (length: number) => void, length: number): void {
  const quickest = (of: number) =>
    Math.min(
      ...[1, 2, 3].map(() => {
        const started = performance.now();
        read(of);
        return performance.now() - started;
      }),
    );
  const [short, long] = [quickest(length), quickest(10 * length)];
  assert.ok(long < 40 * Math.max(short, 1), `${short} ms, and ${long} ms for ten times as much`);
}

describe('a scenario is read in linear time', () => {
  test('where an attribute value is not closed', () => {
    // Anything but linear takes for ever here: a plain bound comes first.
    const started = performance.now();
    assert.throws(
      () => checkScenario('x.xml', openValue(22), none),
      hasCode('SCENARIO_MALFORMED', /:3: .* not closed with a/),
    );
    assert.ok(performance.now() - started < 1000);
    assertLinear((pairs) => assert.ok('problem' in parseXml(openValue(pairs))), 20_000);
  });

  test('where a value holds many escapes', () => {
    assertLinear((pairs) => {
      const root = parseXml(`${HEAD}<log message="${'\\"\\\\\\x'.repeat(pairs)}"/></scenario>`);
      assert.ok('children' in root && root.children.length === 1);
    }, 5000);
  });

  test('where a message has many keywords, on lines of their own or on one', () => {
    for (const separator of ['\n', '']) {
      assertLinear(
        (keywords) => checkScenario('x.xml', message(`[pid]${separator}`.repeat(keywords)), none),
        1000,
      );
    }
  });
});

describe('a scenario is refused at once', () => {
  test('where elements are nested too deep', () => {
    for (const depth of [40, 20_000]) {
      assert.throws(
        () => checkScenario('x.xml', HEAD + '<a>'.repeat(depth), none),
        hasCode('SCENARIO_MALFORMED', /^x\.xml:3: elements are nested more than 32 deep/),
      );
    }
  });

  test('where it is longer than SIPp reads, not counting CR', async () => {
    const tooLong = hasCode('SCENARIO_MALFORMED', /longer than the 65535 octets that SIPp reads/);
    assert.equal(checkScenario('x.xml', padded(65_535), none).steps.length, 1);
    assert.throws(() => checkScenario('x.xml', padded(65_536), none), tooLong);
    const file = join(folder, 'long.xml');
    writeFileSync(file, padded(65_535).replaceAll('\n', '\r\n'));
    assert.equal((await readScenario(file, none)).steps.length, 1);
    writeFileSync(file, padded(65_536));
    await assert.rejects(readScenario(file, none), tooLong);
    writeFileSync(file, 'x'.repeat(50_000_000));
    await assert.rejects(readScenario(file, none), tooLong);
  });

  test('where a keyword is longer than SIPp reads', () => {
    assert.equal(checkScenario('x.xml', withKeyword(256), none).steps.length, 1);
    assert.throws(
      () => checkScenario('x.xml', withKeyword(257), none),
      hasCode('SCENARIO_MALFORMED', /^x\.xml:5: .* 256 characters/),
    );
  });

  test('where it is no regular file', { timeout: 20_000 }, async () => {
    const fifo = join(folder, 'fifo');
    execFileSync('mkfifo', [fifo]);
    // As a process first: it can be killed where it hangs.
    const script = join(import.meta.dirname, 'sipp_run.ts');
    const { status, stderr } = spawnSync(process.execPath, [script, fifo], {
      encoding: 'utf8',
      timeout: 10_000,
    });
    assert.match(stderr, /^sipp-run: SCENARIO_MISSING: .*\/fifo: it is no regular file; .*\n$/);
    assert.equal(status, 2);
    for (const file of [fifo, '/dev/zero', '/dev/null', '/dev/tty', folder]) {
      await assert.rejects(
        readScenario(file, none),
        hasCode('SCENARIO_MISSING', /: it is no regular file|\(ENXIO\)/),
      );
    }
  });

  test('by the command too, with the exit code of bad input', async () => {
    const sources: [string, RegExp][] = [
      [`${HEAD}<recv request="${'\\\\'.repeat(22)}`, /not closed with a double quote/],
      [HEAD + '<a>'.repeat(20_000), /nested more than 32 deep/],
      [message('[call_id]\n'.repeat(20_000)), /longer than the 65535 octets/],
    ];
    for (const [source, text] of sources) {
      const file = join(folder, 'bad.xml');
      writeFileSync(file, source);
      let stderr = '';
      const io = {
        stdout: { write: assert.fail },
        stderr: { write: (part: string) => (stderr += part) },
        env: {},
      };
      assert.equal(await main([file], io), 2);
      assert.match(stderr, /^sipp-run: SCENARIO_MALFORMED: [^\n]*\n$/);
      assert.match(stderr, text);
    }
  });
});
