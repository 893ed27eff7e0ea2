import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';

import { plainProfile } from '../../testing/plain_profile.ts';
import { applicationChange, creation, type ChangeAuthor } from '../model/audit.ts';
import { credentialOf, type InboundSip, type VoiceApplication } from '../model/voice_application.ts';
import { openSqliteStore } from '../sqlite/sqlite_store.ts';
import type { Store } from '../store.ts';

const ACCOUNT = '9900000';
const PASSWORD = 'one-time-password-of-a-test';
const HOOK_PASSWORD = 'password-of-a-webhook';
const BY: ChangeAuthor = { clientId: 'client-7', requestId: 'request-1', sourceAddress: '203.0.113.9' };
const NETWORK = { network: 0xcb007100, mask: 0xffffff00 };

const BARE: VoiceApplication = {
  applicationId: 'application',
  accountId: ACCOUNT,
  profile: {
    ...plainProfile('Audited'),
    callbackCreds: { userId: 'hook', password: HOOK_PASSWORD },
  },
  inbound: null,
};

function inbound(password: string | null, changes: Partial<InboundSip> = {}): InboundSip {
  const credential = password === null ? null : credentialOf('application', 'uri', 'realm', password);
  return { uriUser: 'uri', credential, allowedSources: [NETWORK], allowedRegions: [], ...changes };
}

function withInbound(changed: InboundSip | null): VoiceApplication {
  return { ...BARE, inbound: changed };
}

describe('a change of an application', () => {
  const rows: [string, VoiceApplication, VoiceApplication, ReturnType<typeof applicationChange>][] = [
    ['nothing', BARE, structuredClone(BARE), undefined],
    [
      'a name and the password of a webhook',
      BARE,
      {
        ...BARE,
        profile: {
          ...BARE.profile,
          applicationName: 'Other',
          callbackCreds: { userId: 'hook', password: 'another' },
        },
      },
      { action: 'changed', fields: ['applicationName', 'callbackCreds'] },
    ],
    [
      'enabling with a password',
      BARE,
      withInbound(inbound(PASSWORD)),
      {
        action: 'enabled',
        fields: [
          'inboundSipCallsEnabled',
          'sipUri',
          'passwordAuthEnabled',
          'sipAuthPassword',
          'allowedSourceIps',
        ],
      },
    ],
    [
      'enabling by source addresses',
      BARE,
      withInbound(inbound(null)),
      { action: 'enabled', fields: ['inboundSipCallsEnabled', 'sipUri', 'allowedSourceIps'] },
    ],
    [
      'rotation and new regions',
      withInbound(inbound(PASSWORD)),
      withInbound(inbound('another', { allowedRegions: ['EU'] })),
      { action: 'rotated', fields: ['sipAuthPassword', 'allowedRegions'] },
    ],
    [
      'a first password',
      withInbound(inbound(null)),
      withInbound(inbound(PASSWORD)),
      { action: 'changed', fields: ['passwordAuthEnabled', 'sipAuthPassword'] },
    ],
    [
      'password off',
      withInbound(inbound(PASSWORD)),
      withInbound(inbound(null)),
      { action: 'changed', fields: ['passwordAuthEnabled', 'sipAuthPassword'] },
    ],
    [
      'other source addresses',
      withInbound(inbound(null)),
      withInbound(inbound(null, { allowedSources: [{ ...NETWORK, mask: 0xffffffff }] })),
      { action: 'changed', fields: ['allowedSourceIps'] },
    ],
    [
      'disabling',
      withInbound(inbound(PASSWORD, { allowedSources: [] })),
      BARE,
      {
        action: 'disabled',
        fields: ['inboundSipCallsEnabled', 'sipUri', 'passwordAuthEnabled', 'sipAuthPassword'],
      },
    ],
  ];
  for (const [name, before, after, change] of rows) {
    test(`has its action and fields: ${name}`, () =>
      assert.deepEqual(applicationChange(before, after), change));
  }

  test('a creation names the fields that are set', () => {
    assert.deepEqual(creation(BARE), {
      action: 'created',
      fields: [
        'applicationName',
        'callInitiatedCallbackUrl',
        'callInitiatedMethod',
        'callInitiatedFallbackMethod',
        'callStatusMethod',
        'callbackCreds',
        'callbackTimeout',
      ],
    });
  });
});

describe('the audit trail', () => {
  let store: Store;
  let now: number;
  const RETENTION_MS = 1000;

  beforeEach(async () => {
    now = 1_800_000_000_000;
    store = await openSqliteStore(':memory:', () => now++, RETENTION_MS);
    const secret = { secretId: 'secret-1', secretHash: 'hash' };
    await store.clients.create({ clientId: 'client-7', accountId: ACCOUNT }, secret);
  });
  afterEach(() => store.close());

  const to = (next: VoiceApplication) =>
    store.applications.update(ACCOUNT, 'application', () => ({ next }), BY);
  const trail = async (account = ACCOUNT, query: { applicationId?: string } = {}) =>
    (await store.audit.list(account, { offset: 0, limit: 100, ...query })).items;

  test('says who did what and when, newest first, also for deleted applications', async () => {
    await store.applications.create(BARE, BY);
    await to(withInbound(inbound(PASSWORD)));
    await to(withInbound(inbound('another')));
    await to(BARE);
    await store.applications.delete(ACCOUNT, 'application', { ...BY, requestId: 'request-2' });
    const entries = await trail();
    assert.deepEqual(
      entries.map(({ action }) => action),
      ['deleted', 'disabled', 'rotated', 'enabled', 'created'],
    );
    assert.deepEqual(entries[0], {
      accountId: ACCOUNT,
      applicationId: 'application',
      at: entries[0]?.at,
      action: 'deleted',
      fields: [],
      author: { ...BY, requestId: 'request-2' },
    });
    assert.deepEqual(
      entries.map(({ at }) => at),
      entries.map(({ at }) => at).toSorted((a, b) => b - a),
    );
  });

  test('never holds a value', async () => {
    await store.applications.create(BARE, BY);
    await to(withInbound(inbound(PASSWORD)));
    const written = JSON.stringify(await trail());
    const { MD5 } = inbound(PASSWORD).credential!.applicationId;
    for (const value of [PASSWORD, HOOK_PASSWORD, MD5, 'app.example', 'Audited', 'hook"']) {
      assert.ok(!written.includes(value), value);
    }
  });

  test('has no entry for a change that did not happen', async () => {
    await store.applications.create(BARE, BY);
    await assert.rejects(store.applications.create(BARE, BY));
    await store.applications.update(ACCOUNT, 'application', () => ({ next: undefined }), BY);
    await to(structuredClone(BARE));
    const failing = store.applications.update(
      ACCOUNT,
      'application',
      () => {
        throw new Error('no change today');
      },
      BY,
    );
    await assert.rejects(failing);
    assert.equal(await store.applications.delete(ACCOUNT, 'another', BY), false);
    assert.equal(await store.applications.delete('other', 'application', BY), false);
    assert.deepEqual(
      (await trail()).map(({ action }) => action),
      ['created'],
    );
  });

  test('is written together with the change or not at all', async () => {
    await store.applications.create(BARE, BY);
    // A value that no database can bind makes writing the entry fail.
    const nobody: ChangeAuthor = { ...BY, clientId: JSON.parse('{}') };
    const next = withInbound(inbound(null));
    const failing = store.applications.update(ACCOUNT, 'application', () => ({ next }), nobody);
    await assert.rejects(failing);
    assert.equal((await store.applications.get(ACCOUNT, 'application'))?.inbound, null);
  });

  test('is separate for each account, paged, for all applications or one', async () => {
    await store.applications.create(BARE, BY);
    await store.applications.create({ ...BARE, applicationId: 'second' }, BY);
    for (const name of ['a', 'b', 'c']) {
      await to({ ...BARE, profile: { ...BARE.profile, applicationName: name } });
    }
    assert.deepEqual(await trail('other'), []);
    assert.equal((await trail(ACCOUNT, { applicationId: 'second' })).length, 1);
    const page = await store.audit.list(ACCOUNT, { applicationId: 'application', offset: 1, limit: 2 });
    assert.equal(page.total, 4);
    assert.deepEqual(
      page.items.map(({ action }) => action),
      ['changed', 'changed'],
    );
  });

  test('of one application keeps its order when the clock of a later process is behind', async () => {
    await store.applications.create(BARE, BY);
    now -= RETENTION_MS / 2;
    await to(withInbound(inbound(null)));
    assert.deepEqual(
      (await trail(ACCOUNT, { applicationId: 'application' })).map(({ action }) => action),
      ['enabled', 'created'],
    );
  });

  test('shows no entry that is too old, and a later change deletes it', async () => {
    await store.applications.create(BARE, BY);
    now += RETENTION_MS + 1;
    assert.deepEqual(await trail(), []);
    await to(withInbound(inbound(null)));
    now -= RETENTION_MS;
    assert.deepEqual(
      (await trail()).map(({ action }) => action),
      ['enabled'],
    );
  });
});
