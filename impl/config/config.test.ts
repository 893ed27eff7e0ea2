import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { readConfig, settingsText, type Config } from './config.ts';

const DEFAULTS: Config = {
  api: { host: '127.0.0.1', port: 8080, trustedProxies: [], callbackHosts: [] },
  sip: {
    host: '127.0.0.1',
    port: 6160,
    domain: 'sip-uri.voice-api.example',
    innerPort: 0,
    workers: 1,
    drainSeconds: 5,
    maxLagMs: 400,
    logDecisions: false,
  },
  platform: { host: '127.0.0.1', port: 5080 },
  database: ':memory:',
  nonceLifetimeSeconds: 300,
  tokenLifetimeSeconds: 3600,
  regions: ['US', 'EU'],
  regionTable: [],
  regionDatabase: { countries: {}, continents: {} },
  log: { level: 'info' },
  metrics: { host: '127.0.0.1' },
  audit: { retentionDays: 365 },
  account: '9900000',
  client: {},
  clients: [],
};

const TABLE = [
  { prefix: '203.0.113.0/25', region: 'US' },
  { prefix: '203.0.113.128/25', region: 'EU' },
];

describe('the configuration', () => {
  let directory: string;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'config-'));
  });
  after(() => rmSync(directory, { recursive: true }));

  function file(text: string, name = 'edge.yaml'): string {
    const path = join(directory, name);
    writeFileSync(path, text);
    return path;
  }

  /** The problems, without the path of the test's directory. */
  function problems(environment: Record<string, string>, text?: string): string[] {
    const config = readConfig(environment, text === undefined ? undefined : file(text));
    assert.ok('problems' in config, 'the configuration was accepted');
    return config.problems.map((problem) => problem.replaceAll(`${directory}/`, ''));
  }

  test('has defaults for everything', () => {
    assert.deepEqual(readConfig({ PATH: '/bin' }), DEFAULTS);
    assert.deepEqual(readConfig({}, file('')), DEFAULTS);
  });

  test('is read from variables', () => {
    const environment = {
      VOICE_EDGE_API_HOST: '::1',
      VOICE_EDGE_API_PORT: '0',
      VOICE_EDGE_API_TRUSTED_PROXIES: '192.0.2.1, 2001:db8::/64',
      VOICE_EDGE_API_CALLBACK_HOSTS: 'localhost, 10.1.0.0/16, ::1',
      VOICE_EDGE_SIP_HOST: '198.18.67.33',
      VOICE_EDGE_SIP_PORT: '7160',
      VOICE_EDGE_SIP_DOMAIN: 'sip.voice-api.example',
      VOICE_EDGE_SIP_INNER_PORT: '6161',
      VOICE_EDGE_WORKERS: 'auto',
      VOICE_EDGE_DRAIN_SECONDS: '60',
      VOICE_EDGE_MAX_LAG_MS: '250',
      VOICE_EDGE_CALL_MEMORY_MB: '1000',
      VOICE_EDGE_STRANGER_MEMORY_MB: '20',
      VOICE_EDGE_LOG_DECISIONS: 'true',
      VOICE_EDGE_PLATFORM_HOST: '198.18.67.96',
      VOICE_EDGE_PLATFORM_PORT: '5060',
      VOICE_EDGE_DATABASE: 'voice.db',
      VOICE_EDGE_NONCE_LIFETIME_SECONDS: '5',
      VOICE_EDGE_TOKEN_LIFETIME_SECONDS: '60',
      VOICE_EDGE_REGIONS: 'US, EU,APAC',
      VOICE_EDGE_REGION_TABLE: '203.0.113.0/25=US, 203.0.113.128/25=EU',
      VOICE_EDGE_REGION_DATABASE: 'country.mmdb',
      VOICE_EDGE_REGION_COUNTRIES: 'US=US, DE=EU',
      VOICE_EDGE_REGION_CONTINENTS: 'EU=EU,OC=APAC',
      VOICE_EDGE_LOG_LEVEL: 'warn',
      VOICE_EDGE_METRICS_HOST: '::1',
      VOICE_EDGE_METRICS_PORT: '9464',
      VOICE_EDGE_AUDIT_RETENTION_DAYS: '30',
      VOICE_EDGE_ACCOUNT: '9900007',
      VOICE_EDGE_CLIENT_ID: 'client-7',
      VOICE_EDGE_CLIENT_SECRET: 'secret-of-seven',
      VOICE_EDGE_CLIENTS: '9900008:client-8:secret-of-eight, 9900008:client-9:secret-of-nine',
    };
    assert.deepEqual(readConfig(environment), {
      api: {
        host: '::1',
        port: 0,
        trustedProxies: ['192.0.2.1', '2001:db8::/64'],
        callbackHosts: ['localhost', '10.1.0.0/16', '::1'],
      },
      sip: {
        host: '198.18.67.33',
        port: 7160,
        domain: 'sip.voice-api.example',
        innerPort: 6161,
        workers: 'auto',
        drainSeconds: 60,
        maxLagMs: 250,
        callMemoryMb: 1000,
        strangerMemoryMb: 20,
        logDecisions: true,
      },
      platform: { host: '198.18.67.96', port: 5060 },
      database: 'voice.db',
      nonceLifetimeSeconds: 5,
      tokenLifetimeSeconds: 60,
      regions: ['US', 'EU', 'APAC'],
      regionTable: TABLE,
      regionDatabase: {
        file: 'country.mmdb',
        countries: { US: 'US', DE: 'EU' },
        continents: { EU: 'EU', OC: 'APAC' },
      },
      log: { level: 'warn' },
      metrics: { host: '::1', port: 9464 },
      audit: { retentionDays: 30 },
      account: '9900007',
      client: { id: 'client-7', secret: 'secret-of-seven' },
      clients: [
        { account: '9900008', id: 'client-8', secret: 'secret-of-eight' },
        { account: '9900008', id: 'client-9', secret: 'secret-of-nine' },
      ],
    });
    for (const variable of Object.keys(environment)) assert.ok(settingsText().includes(variable));
  });

  test('is read from YAML and JSON, and a variable wins', () => {
    const yaml = `
sip: { port: 7160 }
api:
  port: 9090
regionTable:
  - { prefix: 203.0.113.0/25, region: US }
  - { prefix: 203.0.113.128/25, region: EU }
`;
    const expected = {
      ...DEFAULTS,
      sip: { ...DEFAULTS.sip, port: 7160 },
      api: { ...DEFAULTS.api, port: 9091 },
      regionTable: TABLE,
    };
    const environment = { VOICE_EDGE_API_PORT: '9091' };
    assert.deepEqual(readConfig(environment, file(yaml)), expected);
    const json = JSON.stringify({ sip: { port: 7160 }, api: { port: 1 }, regionTable: TABLE }, null, 2);
    assert.deepEqual(readConfig(environment, file(json, 'edge.json')), expected);
  });

  test('a mistake in a variable names the variable, what is right and what it holds', () => {
    assert.deepEqual(
      problems({ VOICE_EDGE_SIP_PORT: 'x', VOICE_EDGE_SIP_HOST: '0.0.0.0', VOICE_EDGE_PLATFORM_PORT: '0' }),
      [
        'VOICE_EDGE_SIP_HOST must be the one IPv4 address callers reach the service at (0.0.0.0 is none), not "0.0.0.0"',
        'VOICE_EDGE_SIP_PORT must be a port from 0 to 65535, 0 to let the kernel choose, not "x"',
        'VOICE_EDGE_PLATFORM_PORT must be the port of the voice platform, 1 to 65535, not "0"',
      ],
    );
    const [table = ''] = problems({ VOICE_EDGE_REGION_TABLE: '203.0.113.7/25=US' });
    assert.match(
      table,
      /^VOICE_EDGE_REGION_TABLE must be canonical IPv4 prefixes .*, not "203\.0\.113\.7\/25=US"$/,
    );
  });

  test('a mistake in the file names its line and place', () => {
    const text = `sip:
  port: 99999
regionTable:
  - { prefix: 203.0.113.0/25, region: US }
  - { prefix: 203.0.113.0/33, region: EU }
platform: 7
sipPort: 1
`;
    const [sip, hop, table, unknown] = problems({}, text);
    assert.equal(sip, 'edge.yaml:2: sip.port must be a port from 0 to 65535, 0 to let the kernel choose');
    assert.equal(hop, 'edge.yaml:6: platform must be a mapping of settings');
    assert.match(table ?? '', /^edge\.yaml:5: regionTable\.1\.prefix must be canonical IPv4 prefixes/);
    assert.match(unknown ?? '', /^edge\.yaml:7: sipPort is not a setting: known are api\.host, /);
  });

  test('a file that is missing, broken or not a mapping is named', () => {
    const missing = readConfig({}, join(directory, 'none.yaml'));
    assert.ok('problems' in missing);
    assert.match(missing.problems[0] ?? '', /none\.yaml: cannot be read \(ENOENT\)/);
    assert.match(problems({}, 'sip: [1\nx')[0] ?? '', /^edge\.yaml:\d+: /);
    assert.match(problems({}, '- 1')[0] ?? '', /^edge\.yaml: must be a mapping/);
    assert.equal(problems({ VOICE_EDGE_SIP_PORT: '1' }, 'sip: 5').length, 1);
  });

  test('a secret in the file is refused, and a wrong secret is not quoted', () => {
    const [inFile] = problems({}, 'client:\n  id: me\n  secret: do-not-write-this\n');
    assert.equal(
      inFile,
      'edge.yaml:3: client.secret must not stand in a file: set VOICE_EDGE_CLIENT_SECRET and remove it here',
    );
    const short = problems({ VOICE_EDGE_CLIENT_ID: 'me', VOICE_EDGE_CLIENT_SECRET: 'short!' });
    assert.deepEqual(short, ['VOICE_EDGE_CLIENT_SECRET must be 8 to 128 letters, digits and . _ ~ -']);
  });

  test('a file lists further clients, and names the variables that hold their ids and secrets', () => {
    const text = `clients:
  - account: '9900008'
    id: { environment: EIGHT_ID }
    secret: { environment: EIGHT_SECRET }
  - { account: '9900008', id: client-9, secret: { environment: NINE_SECRET } }
`;
    const environment = {
      EIGHT_ID: 'client-8',
      EIGHT_SECRET: 'secret-of-eight',
      NINE_SECRET: 'secret-of-nine',
    };
    const config = readConfig(environment, file(text));
    assert.ok(!('problems' in config));
    assert.deepEqual(config.clients, [
      { account: '9900008', id: 'client-8', secret: 'secret-of-eight' },
      { account: '9900008', id: 'client-9', secret: 'secret-of-nine' },
    ]);
    assert.deepEqual(readConfig({ VOICE_EDGE_CLIENTS: '' }), DEFAULTS);
    const unset = problems({ EIGHT_ID: 'client-8', NINE_SECRET: 'secret-of-nine' }, text);
    assert.equal(unset[0], 'edge.yaml:4: clients.0.secret is taken from EIGHT_SECRET, which is not set');
  });

  test('mistakes in further clients are named, and their secrets never shown', () => {
    const written = problems({}, "clients:\n  - { account: '1', id: a, secret: do-not-write-this }\n");
    assert.deepEqual(written, [
      'edge.yaml:2: clients.0.secret must not stand in a file: name the variable that holds it, {environment: NAME}',
    ]);
    const wrong: readonly (readonly [clients: string, said: RegExp])[] = [
      ['1:a:short!!', /^VOICE_EDGE_CLIENTS must be further clients, of any account: .* in a variable$/],
      ['1:a', /^VOICE_EDGE_CLIENTS must be further clients/],
      ['1:a:secret-of-a:more', /^VOICE_EDGE_CLIENTS must be further clients/],
      ['1:a/b:secret-of-ab', /^VOICE_EDGE_CLIENTS must be further clients/],
      ['1:a:secret-of-a,2:a:secret-of-b', /^two clients have the id a: give each its own$/],
    ];
    for (const [clients, said] of wrong) {
      const [problem = ''] = problems({ VOICE_EDGE_CLIENTS: clients });
      assert.match(problem, said, clients);
      assert.ok(!problem.includes('secret-of') && !problem.includes('short!!'), problem);
    }
    const same = { VOICE_EDGE_CLIENT_ID: 'a', VOICE_EDGE_CLIENT_SECRET: 'secret-of-a' };
    assert.match(
      problems({ ...same, VOICE_EDGE_CLIENTS: '1:a:secret-of-b' }).join(),
      /two clients have the id a/,
    );
    for (const text of [
      'clients: 7',
      'clients: [7]',
      'clients: [{}]',
      'clients: [{account: 1}]',
      'clients: {a: 1}',
    ]) {
      assert.match(problems({}, text)[0] ?? '', /^edge\.yaml(:1)?: clients/, text);
    }
  });

  test('trusted proxies are addresses or prefixes', () => {
    for (const wrong of ['proxy.example', '10.0.0.0/33', '10.0.0.1/', '300.0.0.1', '::1/129']) {
      assert.match(
        problems({ VOICE_EDGE_API_TRUSTED_PROXIES: wrong })[0] ?? '',
        /^VOICE_EDGE_API_TRUSTED_PROXIES must be IP addresses or prefixes .*, not "/,
        wrong,
      );
    }
  });

  test('settings that contradict one another and misspelt variables are named', () => {
    assert.match(problems({ VOICE_EDGE_CLIENT_ID: 'me' })[0] ?? '', /set VOICE_EDGE_CLIENT_SECRET too/);
    assert.match(
      problems({ VOICE_EDGE_CLIENT_SECRET: 'long-enough' })[0] ?? '',
      /set VOICE_EDGE_CLIENT_ID too/,
    );
    assert.deepEqual(problems({}, 'regions: [US]\nregionTable: [{ prefix: 0.0.0.0/0, region: EU }]'), [
      'edge.yaml:2: regionTable.0.region names EU, which is not one of the regions: add it to regions',
    ]);
    assert.match(problems({ VOICE_EDGE_SIP_PROT: '1' })[0] ?? '', /^VOICE_EDGE_SIP_PROT is not a setting/);
  });

  test('regions by a database need both the file and the meaning of its codes', () => {
    assert.match(
      problems({ VOICE_EDGE_REGION_DATABASE: 'c.mmdb' })[0] ?? '',
      /says countries, not regions: set regionDatabase\.countries/,
    );
    assert.match(
      problems({ VOICE_EDGE_REGION_CONTINENTS: 'EU=EU' })[0] ?? '',
      /no database to be looked up in: set regionDatabase\.file/,
    );
    const yaml = `
regionDatabase:
  file: country.mmdb
  countries:
    US: US
    AU: APAC
`;
    assert.deepEqual(problems({}, yaml), [
      'edge.yaml:6: regionDatabase.countries.AU names APAC, which is not one of the regions: add it to regions',
    ]);
    for (const [name, text] of [
      ['REGION_COUNTRIES', 'us=US'],
      ['REGION_COUNTRIES', 'USA=US'],
      ['REGION_COUNTRIES', 'US'],
      ['REGION_CONTINENTS', 'XX=US'],
      ['REGION_DATABASE', ''],
      ['LOG_LEVEL', 'verbose'],
      ['METRICS_PORT', '70000'],
      ['METRICS_HOST', 'localhost'],
      ['AUDIT_RETENTION_DAYS', '0'],
    ] as const) {
      const variable = `VOICE_EDGE_${name}`;
      const [problem = '', ...more] = problems({ [variable]: text });
      assert.ok(problem.startsWith(`${variable} must be `) && problem.endsWith(`, not "${text}"`), problem);
      assert.deepEqual(more, []);
    }
  });
});
