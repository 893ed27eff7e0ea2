import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { z } from 'zod';

import type { LogEntry } from './api/log.ts';
import { readConfig, type Config } from './config.ts';
import { zeroCounters } from './edge/edge_log.ts';
import { startSystem, type System } from './system.ts';

const DOMAIN = 'sip-uri.voice-api.example';
const CLIENT = { id: 'client-of-tests', secret: 'secret-of-the-tests' };

const tokenAnswer = z.object({ access_token: z.string() });
const applicationAnswer = z.object({
  data: z.object({
    applicationId: z.string(),
    sipUri: z.string().nullable(),
    sipAuthPassword: z.string().optional(),
  }),
});
type Application = z.infer<typeof applicationAnswer>['data'];

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

async function boundSocket(): Promise<Socket> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

/** The management API with one token, got now. */
async function managed(apiUrl: () => string) {
  const basic = Buffer.from(`${CLIENT.id}:${CLIENT.secret}`).toString('base64');
  const answer = await fetch(`${apiUrl()}/api/v1/oauth2/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  const { access_token } = tokenAnswer.parse(await answer.json());
  return async (method: string, id: string, json?: unknown): Promise<Application> => {
    const response = await fetch(`${apiUrl()}/v2/accounts/9900000/voice-applications${id}`, {
      method,
      headers: { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' },
      body: json === undefined ? null : JSON.stringify(json),
    });
    const text = await response.text();
    assert.ok(response.ok, text);
    return applicationAnswer.parse(JSON.parse(text)).data;
  };
}

describe('the system', () => {
  let directory: string;
  let nextHop: Socket;
  let caller: Socket;
  let system: System;
  let config: Config;
  const logs: LogEntry[] = [];
  let calls = 0;

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'system-'));
    [nextHop, caller] = await Promise.all([boundSocket(), boundSocket()]);
    const read = readConfig({
      VOICE_EDGE_API_PORT: '0',
      VOICE_EDGE_SIP_PORT: '0',
      VOICE_EDGE_NEXT_HOP_PORT: String(nextHop.address().port),
      VOICE_EDGE_DATABASE: join(directory, 'voice.db'),
      VOICE_EDGE_REGION_TABLE: '127.0.0.0/8=US',
      VOICE_EDGE_CLIENT_ID: CLIENT.id,
      VOICE_EDGE_CLIENT_SECRET: CLIENT.secret,
    });
    assert.ok(!('problems' in read));
    config = read;
    system = await startSystem(config, { log: (entry) => logs.push(entry) });
  });
  after(async () => {
    await system.stop();
    nextHop.close();
    caller.close();
    rmSync(directory, { recursive: true });
  });

  /** Sends a request and gives the first answer to it that is no 100. */
  async function answerTo(method: string, user: string, authorization = ''): Promise<string> {
    const id = `test-${calls++}`;
    const target = user === '' ? DOMAIN : `${user}@${DOMAIN}`;
    const text =
      `${method} sip:${target} SIP/2.0\r\n` +
      `Via: SIP/2.0/UDP 127.0.0.1:${caller.address().port};rport;branch=z9hG4bK-${id}\r\n` +
      `Max-Forwards: 70\r\nFrom: <sip:caller@client.example>;tag=${id}\r\nTo: <sip:${target}>\r\n` +
      `Call-ID: ${id}@client.example\r\nCSeq: 1 ${method}\r\n` +
      `Contact: <sip:caller@127.0.0.1:${caller.address().port}>\r\n${authorization}Content-Length: 0\r\n\r\n`;
    const answered = new Promise<string>((resolve) => {
      const listen = (datagram: Buffer): void => {
        const answer = datagram.toString('latin1');
        if (!answer.includes(`Call-ID: ${id}@`) || answer.startsWith('SIP/2.0 100')) return;
        caller.off('message', listen);
        resolve(answer);
      };
      caller.on('message', listen);
    });
    caller.send(text, system.sipAddress.port, system.sipAddress.host);
    return answered;
  }

  async function statusOfCall({ applicationId, sipUri }: Application, password: string): Promise<string> {
    const user = sipUri?.slice('sip:'.length, sipUri.indexOf('@')) ?? '';
    const challenge = await answerTo('INVITE', user);
    if (!challenge.startsWith('SIP/2.0 407')) return challenge.slice(8, 11);
    const nonce = /nonce="([^"]+)"/.exec(challenge)?.[1] ?? '';
    const uri = `sip:${user}@${DOMAIN}`;
    const ha1 = md5(`${applicationId}:${DOMAIN}:${password}`);
    const response = md5(`${ha1}:${nonce}:00000001:c:auth:${md5(`INVITE:${uri}`)}`);
    const answer = await answerTo(
      'INVITE',
      user,
      `Proxy-Authorization: Digest username="${applicationId}", realm="${DOMAIN}", nonce="${nonce}", uri="${uri}", ` +
        `response="${response}", algorithm=MD5, qop=auth, nc=00000001, cnonce="c"\r\n`,
    );
    return answer.slice(8, 11);
  }

  /** Answers the next request at the voice platform with a final status. */
  function deliverNext(status: string): Promise<string> {
    return new Promise((resolve) => {
      nextHop.once('message', (datagram, from) => {
        const request = datagram.toString('latin1');
        const kept = request
          .split('\r\n')
          .filter((line) => /^(via|from|to|call-id|cseq)\s*:/i.test(line))
          .map((line) => (/^to\s*:/i.test(line) ? `${line};tag=platform` : line));
        const answer = [`SIP/2.0 ${status}`, ...kept, 'Content-Length: 0', '', ''].join('\r\n');
        nextHop.send(answer, from.port, from.address, () => resolve(request));
      });
    });
  }

  test('answers OPTIONS, and health on its API', async () => {
    assert.match(await answerTo('OPTIONS', ''), /^SIP\/2\.0 200 Keepalive\r\n/);
    assert.equal((await fetch(`${system.apiUrl}/health/ready`)).status, 200);
    assert.equal(system.generatedClient, undefined);
  });

  test('what the API answers holds for the very next call', async () => {
    const api = await managed(() => system.apiUrl);
    const { applicationId } = await api('POST', '', {
      applicationName: 'End to end',
      callInitiatedCallbackUrl: 'https://app.example/initiate',
    });
    const patch = (json: unknown): Promise<Application> => api('PATCH', `/${applicationId}`, json);

    const enabled = await patch({ inboundSipCallsEnabled: true, passwordAuthEnabled: true });
    const password = enabled.sipAuthPassword ?? '';
    const delivered = deliverNext('486 Busy Here');
    assert.equal(await statusOfCall(enabled, password), '486');
    assert.match(await delivered, new RegExp(`^INVITE sip:[0-9a-f-]{36}@${DOMAIN.replaceAll('.', '\\.')}`));

    const rotated = await patch({ passwordAuthEnabled: true });
    assert.equal(await statusOfCall(rotated, password), '401');
    const deliveredAgain = deliverNext('486 Busy Here');
    assert.equal(await statusOfCall(rotated, rotated.sipAuthPassword ?? ''), '486');
    await deliveredAgain;

    await patch({ allowedRegions: ['EU'] });
    assert.equal(await statusOfCall(rotated, rotated.sipAuthPassword ?? ''), '401');
    await patch({ allowedRegions: ['US'] });
    const deliveredFromUs = deliverNext('486 Busy Here');
    assert.equal(await statusOfCall(rotated, rotated.sipAuthPassword ?? ''), '486');
    await deliveredFromUs;

    await patch({ inboundSipCallsEnabled: false });
    assert.equal(
      await statusOfCall({ ...rotated, sipUri: `sip:${applicationId}@${DOMAIN}` }, password),
      '401',
    );
    const written = JSON.stringify(logs);
    assert.ok(logs.length > 0);
    for (const secret of [password, rotated.sipAuthPassword ?? '', CLIENT.secret]) {
      assert.ok(!written.includes(secret));
    }
  });

  test('keeps applications, passwords and tokens over a restart', async () => {
    const api = await managed(() => system.apiUrl);
    const { applicationId } = await api('POST', '', {
      applicationName: 'Kept',
      callInitiatedCallbackUrl: 'https://app.example/initiate',
    });
    const enabled = await api('PATCH', `/${applicationId}`, {
      inboundSipCallsEnabled: true,
      passwordAuthEnabled: true,
    });
    await system.stop();
    await system.stop();
    system = await startSystem(config, { log: (entry) => logs.push(entry) });
    assert.equal((await api('GET', `/${applicationId}`)).sipUri, enabled.sipUri);
    const delivered = deliverNext('486 Busy Here');
    assert.equal(await statusOfCall(enabled, enabled.sipAuthPassword ?? ''), '486');
    await delivered;
  });

  test('makes a client where there is none, once', async () => {
    const fresh = { ...config, client: {}, database: join(directory, 'fresh.db') };
    const first = await startSystem(fresh);
    const made = first.generatedClient;
    await first.stop();
    const second = await startSystem(fresh);
    await second.stop();
    assert.ok(made);
    assert.match(made.secret, /^[A-Za-z0-9_-]{32}$/);
    assert.equal(second.generatedClient, undefined);
  });

  test('a part can be replaced alone, and one that fails to start leaves nothing running', async () => {
    const stopped: string[] = [];
    const failing = startSystem(
      { ...config, database: ':memory:' },
      {
        startEdge: async ({ listen, realm }) => {
          assert.equal(realm, DOMAIN);
          return {
            address: listen,
            innerPort: listen.port,
            counters: zeroCounters(),
            occupancy: () => ({ transactions: 0, dialogs: 0, timers: 0 }),
            samples: () => [],
            siblingsAre: () => undefined,
            stop: async () => {
              stopped.push('edge');
            },
          };
        },
        startApi: async () => {
          throw new Error('no API today');
        },
      },
    );
    await assert.rejects(failing, /no API today/);
    assert.deepEqual(stopped, ['edge']);
  });
});
