import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';

import {
  ACCOUNT,
  applicationsPath,
  CLIENT,
  OTHER_CLIENT,
  startTestApi,
  type TestApi,
} from '../testing/loopback_api.ts';

describe('the audit trail of an application', () => {
  let api: TestApi;
  before(async () => {
    api = await startTestApi();
  });
  after(() => api.stop());

  test('gives client, time, request and address of each change, newest first, and no value', async () => {
    const id = await api.createApplication();
    const enabled = await api.call('PATCH', id, {
      json: { inboundSipCallsEnabled: true, passwordAuthEnabled: true },
    });
    await api.call('PATCH', id, { json: { passwordAuthEnabled: true, allowedRegions: ['EU'] } });
    const answer = await api.call('GET', `${id}/audit`);
    assert.equal(answer.status, 200, answer.text);
    const [rotated, first, created, ...more] = answer.body.data;
    assert.deepEqual(more, []);
    assert.deepEqual(
      { ...rotated, time: undefined, requestId: undefined },
      {
        time: undefined,
        requestId: undefined,
        action: 'rotated',
        fields: ['sipAuthPassword', 'allowedRegions'],
        clientId: CLIENT.id,
        sourceAddress: '127.0.0.1',
      },
    );
    assert.deepEqual([first.action, created.action], ['enabled', 'created']);
    assert.ok(Date.parse(rotated.time) >= Date.parse(first.time));
    const logged = api.logs.find(({ request }) => request === rotated.requestId);
    assert.deepEqual([logged?.['method'], logged?.['client']], ['PATCH', CLIENT.id]);
    assert.ok(!answer.text.includes(enabled.body.data.sipAuthPassword));
    assert.ok(!answer.text.includes(enabled.body.data.sipUri));
  });

  test('has no entry for a refused change, which only the log has', async () => {
    const id = await api.createApplication();
    const refused = await api.call('PATCH', id, { json: { inboundSipCallsEnabled: true } });
    assert.equal(refused.status, 400);
    const { body } = await api.call('GET', `${id}/audit`);
    assert.deepEqual([body.data.length, body.page.totalElements], [1, 1]);
    const logged = api.logs.find(({ applicationId, status }) => applicationId === id && status === 400);
    assert.equal(logged?.['route'], '/v2/accounts/:accountId/voice-applications/:applicationId');
  });

  test('comes in pages', async () => {
    const id = await api.createApplication();
    await api.call('PATCH', id, { json: { applicationName: 'Other' } });
    const { body } = await api.call('GET', `${id}/audit?page=2&size=1`);
    assert.deepEqual(
      body.data.map(({ action }: { action: string }) => action),
      ['created'],
    );
    assert.equal(body.links[0].href, `${applicationsPath(ACCOUNT, id)}/audit?page=2&size=1`);
    assert.equal((await api.call('GET', `${id}/audit?page=0`)).status, 400);
  });

  test('outlives the application, and is visible to its account only', async () => {
    const id = await api.createApplication();
    assert.equal((await api.call('DELETE', id)).status, 204);
    assert.equal((await api.call('GET', id)).status, 404);
    const { body } = await api.call('GET', `${id}/audit`);
    assert.deepEqual(
      body.data.map(({ action }: { action: string }) => action),
      ['deleted', 'created'],
    );
    const foreign = await api.token(OTHER_CLIENT);
    assert.equal((await api.call('GET', `${id}/audit`, { token: foreign })).status, 403);
    assert.equal((await api.call('GET', `${id}/audit`, { token: null })).status, 401);
  });

  test('of an unknown application is 404, and methods other than GET change nothing', async () => {
    const answer = await api.call('GET', `${randomUUID()}/audit`);
    assert.deepEqual([answer.status, answer.body.data], [404, null]);
    const id = await api.createApplication();
    assert.equal((await api.call('DELETE', `${id}/audit`)).status, 405);
    assert.equal((await api.call('GET', `${id}/audit`)).body.data.length, 1);
  });
});
