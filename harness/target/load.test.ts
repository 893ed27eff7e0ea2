import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';

import { HarnessError } from '../verdict.ts';
import { loadTarget } from './load.ts';

const folder = mkdtempSync(join(tmpdir(), 'descriptors-'));
after(() => rmSync(folder, { recursive: true }));

const GOOD = readFileSync('targets/reference/target.yaml', 'utf8');

/** The line, from 1, on which `text` stands for the `times`th time. */
function lineOf(text: string, content: string, times = 1): number {
  const lines = content.split('\n').flatMap((line, index) => (line.includes(text) ? [index + 1] : []));
  return lines[times - 1] ?? assert.fail(`${text} is not there`);
}

/** The complaint about a file with this content, without the sentence that ends every such message. */
function complaint(content: string): string {
  const file = join(folder, 'given.yaml');
  writeFileSync(file, content);
  try {
    loadTarget(file);
  } catch (error) {
    assert.ok(error instanceof HarnessError, String(error));
    return error.message
      .replaceAll(file, 'FILE')
      .replace('\ndocs/targets.md explains every field; targets/reference/target.yaml is an example.', '');
  }
  return 'it is accepted';
}

/** The complaint about the reference's descriptor after one text is replaced by another. */
function altered(text: string, other: string): string {
  assert.ok(GOOD.includes(text), `${text} is not in the descriptor`);
  return complaint(GOOD.replace(text, other));
}

describe('a good descriptor', () => {
  test('is found by the name of its folder, the folder, and the file', () => {
    for (const reference of ['reference', 'targets/reference', 'targets/reference/target.yaml']) {
      const target = loadTarget(reference);
      assert.equal(target.name, 'reference');
      assert.deepEqual(target.places.lab?.sip, { host: '198.18.67.33', port: 6160 });
      assert.deepEqual(target.places.loopback?.vantagePoints, []);
    }
  });

  test('may describe a target that runs somewhere else', () => {
    const target = loadTarget('targets/remote.example.yaml');
    assert.equal(target.account.generated, false);
    assert.equal(target.places.remote?.start, undefined);
    assert.equal(target.places.lab, undefined);
  });
});

function refusal(reference: string, targets?: string): string {
  try {
    loadTarget(reference, targets);
  } catch (error) {
    assert.ok(error instanceof HarnessError);
    return error.message;
  }
  return 'it is there';
}

describe('a target that is not there', () => {
  test('is reported with its name, what was looked for, and what there is', () => {
    const targets = join(folder, 'targets');
    for (const name of ['here', 'there']) {
      mkdirSync(join(targets, name), { recursive: true });
      writeFileSync(join(targets, name, 'target.yaml'), GOOD);
    }
    mkdirSync(join(targets, 'notes'));
    assert.equal(
      refusal('hear', targets),
      `no target "hear": there is no file hear, hear/target.yaml, ${targets}/hear/target.yaml. Give a descriptor ` +
        `file, a folder with a target.yaml, or the name of a folder in ${targets}/: here, there.`,
    );
  });

  test('is reported where no name is given, and where there is no folder of targets', () => {
    assert.match(refusal(''), /^no target ""/);
    assert.match(refusal('any', join(folder, 'nowhere')), /: none there\.$/);
  });

  test('may be a folder without a descriptor', () => {
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    assert.match(refusal(empty), /^no target ".*empty"/);
  });
});

describe('a file that is not the YAML of a descriptor', () => {
  test('is reported with line and column', () => {
    const said = altered('realm: sip-uri.voice-api.example', 'realm: [sip-uri');
    assert.match(
      said,
      new RegExp(`^FILE:${lineOf('regions:', GOOD)}:1: not the YAML of a descriptor: Flow sequence`),
    );
    assert.match(complaint('name: x\n\tsummary: y\n'), /^FILE:2:1: .*: Tabs are not allowed as indentation$/);
    assert.match(altered('realm: ', 'name: twice\nrealm: '), /: Map keys must be unique$/);
  });

  test('is anything but one document with a mapping', () => {
    assert.match(complaint(`${GOOD}---\nname: more\n`), /: a descriptor is one document, without "---"$/);
    assert.equal(complaint(''), 'FILE does not describe a target:\n  the file is empty');
    assert.equal(
      complaint('- a\n'),
      'FILE does not describe a target:\n  line 1: the file: expected object, received array',
    );
  });

  test('is refused for an alias without an anchor, or one that expands without end', () => {
    assert.match(altered('realm: ', 'realm: *nobody #'), /^FILE: Unresolved alias .*: nobody$/);
    const bomb = Array.from({ length: 9 }, (_, n) => `l${n + 1}: &l${n + 1} [${`*l${n}, `.repeat(9)}]`);
    assert.match(complaint(`l0: &l0 [x]\n${bomb.join('\n')}\n`), /^FILE: Excessive alias count/);
  });
});

interface Problem {
  readonly what: string;
  readonly text: string;
  readonly other: string;
  readonly line: number;
  readonly said: string;
}

const CAPABILITY = 'expected true, or {absent: why the target does not have it}';

const PROBLEMS: readonly Problem[] = [
  {
    what: 'an unknown key',
    text: 'realm: ',
    other: 'realme: x\nrealm: ',
    line: lineOf('realm: ', GOOD),
    said: 'realme is not a field; the fields here are name, summary, account, otherAccount, realm, regions, userForms, capabilities, timeouts, knownFailures, places',
  },
  {
    what: 'an unknown key further in',
    text: '    sip: { host: 198.18.67.33, port: 6160 }',
    other: '    sip: { host: 198.18.67.33, prot: 6161, port: 6160 }',
    line: lineOf('    sip:', GOOD),
    said: 'places.lab.sip.prot is not a field; the fields here are host, port',
  },
  {
    what: 'a missing field',
    text: 'realm: sip-uri.voice-api.example\n',
    other: '',
    line: lineOf('name:', GOOD),
    said: 'realm is missing (digest realm and host part of the SIP URIs)',
  },
  {
    what: 'a missing field further in',
    text: "  id: '9900000'\n",
    other: '',
    line: lineOf('account:', GOOD),
    said: 'account.id is missing (the account whose applications the suite creates)',
  },
  {
    what: 'a wrong type',
    text: '    platform: { host: 198.18.67.97, port: 6160 }',
    other: '    platform: { host: 198.18.67.97, port: "6160" }',
    line: lineOf('    platform:', GOOD),
    said: 'places.lab.platform.port: expected number, received string',
  },
  {
    what: 'a number out of range',
    text: 'answer: { ms: 4000 }',
    other: 'answer: { ms: 0 }',
    line: lineOf('answer:', GOOD),
    said: 'timeouts.answer.ms: Too small: expected number to be >=1',
  },
  {
    what: 'a capability that is neither there nor explained',
    text: '  dns: { absent: the DNS tier is not built yet }',
    other: '  dns: false',
    line: lineOf('  dns:', GOOD),
    said: `capabilities.dns: ${CAPABILITY}`,
  },
  {
    what: 'a capability that is left out',
    text: '  tcp: true\n',
    other: '',
    line: lineOf('capabilities:', GOOD),
    said: `capabilities.tcp is missing: ${CAPABILITY}`,
  },
  {
    what: 'a capability that nobody knows',
    text: '  downstream-sip: true',
    other: '  downstream-sip: true\n  teleport: true',
    line: lineOf('  downstream-sip:', GOOD) + 1,
    said: 'capabilities.teleport is not a field; the fields here are downstream-sip, dns, media, registrar, call-flow, tcp, dashboard',
  },
  {
    what: 'a secret where the name of its variable belongs',
    text: 'VOICE_EDGE_CLIENT_SECRET',
    other: 'hunter2',
    line: lineOf('clientSecret', GOOD),
    said: 'account.clientSecret.environment: name an environment variable: capitals, digits, _',
  },
  {
    what: 'a URL that is none, in the lab too',
    text: 'baseUrl: http://198.18.67.80:8080',
    other: 'baseUrl: api',
    line: lineOf('baseUrl: http://198.18.67.80:8080', GOOD),
    said:
      'places.lab.api.baseUrl: expected a URL that begins with http:// or https:// ' +
      '(what the paths of the management API, /v2/accounts/…, are appended to)',
  },
  {
    what: 'a URL of another kind',
    text: 'baseUrl: http://127.0.0.1:8080',
    other: 'baseUrl: 127.0.0.1:8080',
    line: lineOf('baseUrl: http://127.0.0.1:8080', GOOD),
    said:
      'places.loopback.api.baseUrl: expected a URL that begins with http:// or https:// ' +
      '(what the paths of the management API, /v2/accounts/…, are appended to)',
  },
  {
    what: 'a name with capitals',
    text: 'name: reference',
    other: 'name: Reference',
    line: lineOf('name: reference', GOOD),
    said: 'name: lower-case letters, digits and hyphens',
  },
  {
    what: 'a vantage point that is no address',
    text: 'address: 203.0.113.140',
    other: 'address: eu.example',
    line: lineOf('203.0.113.140', GOOD),
    said: 'places.lab.vantagePoints.1.address: Invalid IPv4 address',
  },
  {
    what: 'an address that is not in the lab',
    text: 'address: 203.0.113.140',
    other: 'address: 203.0.114.1',
    line: lineOf('203.0.113.140', GOOD),
    said:
      'places.lab.vantagePoints.1.address: 203.0.114.1 is not in the lab, which has 198.18.67.0/28 (media pool), ' +
      '198.18.67.32/28 (signaling pool), 198.18.67.53/32 (DNS), 198.18.67.80/32 (API), 198.18.67.96/28 (voice ' +
      'platform, internal), 203.0.113.0/24 (customers: US in the lower half, EU in the upper half), ' +
      '198.51.100.0/24 (customers of no known region), 198.19.64.0/20 (strangers that flood)',
  },
];

describe('a descriptor with', () => {
  for (const { what, text, other, line, said } of PROBLEMS) {
    test(`${what} is reported with file, line, field and mend`, () => {
      assert.equal(altered(text, other), `FILE does not describe a target:\n  line ${line}: ${said}`);
    });
  }

  test('malformed known failures gets each problem reported', () => {
    const listed = [
      '- { scenario: Liveness, reason: no TCP yet }',
      '- { rule: sip.tcp, scenario: "", reason: no TCP yet }',
      '- { rule: sip.tcp }',
      '- { rule: sip.tcp, reason: " " }',
      '- { rule: sip.tcp, reason: no TCP yet, since: May }',
    ];
    const content = `${GOOD}\nknownFailures:\n${listed.map((entry) => `  ${entry}\n`).join('')}`;
    const first = lineOf('- { scenario: Liveness', content);
    const why = '(why it fails, for the report)';
    assert.equal(
      complaint(content),
      [
        'FILE does not describe a target:',
        `line ${first}: knownFailures.0.rule is missing (the id of a rule in features/rules.yaml)`,
        `line ${first + 1}: knownFailures.1.scenario: Too small: expected string to have >=1 characters ` +
          '(the name of one of its scenarios, as in the report; absent: whichever of them fails)',
        `line ${first + 2}: knownFailures.2.reason is missing ${why}`,
        `line ${first + 3}: knownFailures.3.reason: say it in words ${why}`,
        `line ${first + 4}: knownFailures.4.since is not a field; the fields here are rule, scenario, reason`,
      ].join('\n  '),
    );
  });

  test('problems that only a review finds gets them reported in the same way', () => {
    const file = join(folder, 'reviewed.yaml');
    writeFileSync(file, `${GOOD}\nknownFailures:\n  - { rule: sip.tcp, reason: no TCP yet }\n`);
    const line = lineOf('- { rule: sip.tcp', readFileSync(file, 'utf8'));
    const path = ['knownFailures', 0, 'rule'];
    assert.throws(
      () => loadTarget(file, 'targets', () => [{ path, message: 'no such rule' }]),
      new RegExp(`describe a target:\n  line ${line}: knownFailures\\.0\\.rule: no such rule\n`),
    );
    assert.deepEqual(loadTarget(file).knownFailures, [{ rule: 'sip.tcp', reason: 'no TCP yet' }]);
    assert.deepEqual(loadTarget('reference').knownFailures, []);
  });

  test('no place hears that it needs one', () => {
    const [head = ''] = GOOD.split('places:');
    const purpose = '(where the target can be reached, and how it is started there)';
    assert.equal(
      complaint(`${head}places: {}\n`),
      `FILE does not describe a target:\n  line ${lineOf('places:', GOOD)}: places: name one of lab, loopback and remote at least ${purpose}`,
    );
    assert.equal(complaint(head), `FILE does not describe a target:\n  line 2: places is missing ${purpose}`);
  });

  test('several problems gets each reported, with where to look', () => {
    const file = join(folder, 'several.yaml');
    writeFileSync(
      file,
      GOOD.replace('generated: true', 'generated: yes please').replace('regions: [US, EU]', 'regions: []'),
    );
    assert.throws(
      () => loadTarget(file),
      (error) => {
        assert.ok(error instanceof HarnessError);
        const [, first = '', second = '', last] = error.message.split('\n');
        assert.match(
          first,
          /^ {2}line \d+: account\.generated: expected boolean, received string \(make both up/,
        );
        assert.match(second, /^ {2}line \d+: regions: Too small.*\(every region the target knows\)$/);
        assert.equal(
          last,
          'docs/targets.md explains every field; targets/reference/target.yaml is an example.',
        );
        return true;
      },
    );
  });
});
