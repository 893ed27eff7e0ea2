import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';

import type { Place, TargetDescriptor } from '../../harness/target/descriptor.ts';
import {
  descriptor,
  freePorts,
  LAB,
  LAB_CONFIG,
  loopback,
  OPTIONS,
  REALM,
  REFERENCE,
  Run,
  skip,
  started,
} from '../testing/features_run.ts';

/** A field of the reference's descriptor that does not fit the reference. */
interface Mistake {
  readonly name: string;
  readonly place?: Partial<Place>;
  readonly more?: Partial<TargetDescriptor>;
  /** Variables that the target alone gets. */
  readonly variables?: Readonly<Record<string, string>>;
  /** The message that ends the run. */
  readonly says: RegExp;
  /** The fields that the message names, each with a text of its line in the file. */
  readonly fields: Readonly<Record<string, RegExp>>;
}

const OTHER_API = 'http://198.18.67.80:8099';

const MISTAKES: readonly Mistake[] = [
  {
    name: 'client-secret',
    variables: { VOICE_EDGE_CLIENT_SECRET: 'another-secret-than-the-suite-has' },
    says: /^no access token: POST \S+\/token was answered 401 with \S.*The client is refused: check the variables VOICE_EDGE_CLIENT_ID and VOICE_EDGE_CLIENT_SECRET\.$/,
    fields: {
      'account.clientId': /clientId:/,
      'account.clientSecret': /clientSecret:/,
      'places.lab.api.tokenUrl': /tokenUrl:/,
    },
  },
  {
    name: 'account-id',
    more: { account: { ...REFERENCE.account, id: '9900007' } },
    says: /^no application can be made: POST \S+\/9900007\/voice-applications was answered 403 .* Is this the account of the client/,
    fields: { 'account.id': /id: "9900007"/ },
  },
  {
    name: 'api-path',
    place: { api: { ...LAB.api, baseUrl: `${LAB.api.baseUrl}/v9` } },
    says: /^no application can be made: POST \S+\/v9\/v2\/accounts\/\S+ was answered 404 .* Is this where the API begins/,
    fields: { 'account.id': /id:/, 'places.lab.api.baseUrl': /baseUrl: .*\/v9/ },
  },
  {
    name: 'api-port',
    place: { api: { ...LAB.api, baseUrl: OTHER_API } },
    says: /^no application can be made: POST http:\/\/198\.18\.67\.80:8099\S+ got no answer: connect ECONNREFUSED/,
    fields: { 'places.lab.api.baseUrl': /baseUrl: .*8099/ },
  },
  {
    name: 'token-path',
    place: { api: { ...LAB.api, tokenUrl: `${LAB.api.baseUrl}/oauth/token` } },
    says: /^no access token: POST \S+\/oauth\/token was answered 404 .* Is it the token endpoint/,
    fields: { 'places.lab.api.tokenUrl': /tokenUrl: .*oauth\/token/ },
  },
  {
    name: 'token-port',
    place: { api: { ...LAB.api, tokenUrl: `${OTHER_API}/token` } },
    says: /^no access token: POST http:\/\/198\.18\.67\.80:8099\/token got no answer: connect ECONNREFUSED/,
    fields: { 'places.lab.api.tokenUrl': /tokenUrl: .*8099/ },
  },
  {
    name: 'realm',
    more: { realm: 'another.example' },
    says: new RegExp(`^the service is ${REALM}, not another\\.example: .* Change the descriptor's realm`),
    fields: { realm: /realm: another/ },
  },
  {
    name: 'sip-port',
    place: { sip: { host: LAB.sip.host, port: 6161 } },
    says: /^the target says that it is ready, and 4000 ms later \(timeouts\.answer\) SIP is still silent: OPTIONS and MESSAGE to 198\.18\.67\.33:6161 over UDP: no answer\. /,
    fields: { 'places.lab.sip': /sip:/ },
  },
  {
    name: 'platform-port',
    place: { platform: { host: '198.18.67.97', port: 6199 } },
    says: /^the target delivered a call to 198\.18\.67\.97:6160, where nobody answers, and .* listens at 198\.18\.67\.97:6199\. Change/,
    fields: { 'places.lab.platform': /platform:/ },
  },
];

/** The reference in the lab, started with variables that the suite does not have. */
function startedWith(variables: Readonly<Record<string, string>> = {}): Place['start'] {
  return started(['node', 'impl/main.ts', ...LAB_CONFIG], variables);
}

describe('a descriptor that does not fit its target', { ...OPTIONS, skip }, () => {
  for (const { name, place = {}, more = {}, variables, says, fields } of MISTAKES) {
    test(`ends the run before any scenario, with one message that names the field: ${name}`, async () => {
      const file = descriptor({
        name: `wrong-${name}`,
        place: { ...LAB, ...place, start: startedWith(variables) },
        more,
      });
      const run = new Run(['--target', file]);
      const complaint = await run.complaint(2);
      assert.equal(run.stdout, '');
      const [message = '', ...places] = complaint
        .split('\n')
        .filter((line) => !/^features: (starting|calling once)|^$/.test(line));
      assert.match(message.replace('features: ', ''), says);
      const lines = readFileSync(file, 'utf8').split('\n');
      const expected = Object.entries(fields).map(([field, text]) => [field, true, String(text)]);
      const named = places.map((line, index) => {
        const [, told = '', field = ''] = /^ {2}\S+, line (\d+): (\S+)$/.exec(line) ?? [];
        const text = Object.values(fields)[index] ?? /^$/;
        return [field, text.test(lines[Number(told) - 1] ?? ''), String(text)];
      });
      assert.deepEqual(named, expected, complaint);
      await run.gone();
    });
  }

  test('goes on over loopback, where it cannot be seen where a call went, and says what to look at', async () => {
    const ports = await freePorts(4);
    const place = loopback(ports);
    const platform = { host: '127.0.0.1', port: ports[3] ?? 0 };
    const target = descriptor({
      name: 'elsewhere',
      placeName: 'loopback',
      place: { ...place, platform },
    });
    const run = new Run(['--target', target, '--tags', '@sip.challenge']);
    assert.match(
      await run.complaint(0),
      /^features: a call with its password did not come to the voice platform's stand-in at 127\.0\.0\.1:\d+ and was not answered either\. .* \(places\.loopback\.platform\)\?$/m,
    );
    await run.gone();
  });
});

describe('a target that merely breaks rules', { ...OPTIONS, skip }, () => {
  for (const [fault, rule] of [
    ['realm-of-the-parent-domain', 'sip.challenge'],
    ['challenge-in-www-authenticate', 'sip.challenge'],
    ['created-answers-200', 'app.success-status'],
  ] as const) {
    test(`is judged: ${fault}`, async () => {
      const start = started(['node', 'faults/main.ts', '--fault', fault, ...LAB_CONFIG]);
      const target = descriptor({ name: `breaks-${fault}`, place: { ...LAB, start } });
      const run = new Run(['--target', target, '--tags', `@${rule}`]);
      assert.equal(await run.ended, 1, run.stdout + run.stderr);
      assert.equal(run.rule(rule)[0], 'failed');
      await run.gone();
    });
  }
});
