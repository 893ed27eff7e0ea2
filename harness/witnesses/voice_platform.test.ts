import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';

import { startSipp, type SippProcess } from 'sipp-ts-wrapper';

import { SipMessageFinder, type WireMessage } from '../capture/sip_messages.ts';
import { STAND_IN } from './voice_platform.ts';

const HOST = '127.0.0.1';
const PLATFORM = { address: HOST, port: 17_160 };

/** Header names as RFC 3261 section 7.3.3 shortens them. */
const NAMES = {
  long: { via: 'Via', from: 'From', to: 'To', callId: 'Call-ID', contact: 'Contact', subject: 'Subject' },
  compact: { via: 'v', from: 'f', to: 't', callId: 'i', contact: 'm', subject: 's' },
} as const;

/** The side of the edge that delivers calls. */
class Edge implements Disposable {
  readonly #socket: Socket;
  readonly #heard: WireMessage[] = [];
  readonly #names: (typeof NAMES)[keyof typeof NAMES];
  readonly #callId: string;
  #branches = 0;

  private constructor(socket: Socket, names: keyof typeof NAMES, callId: string) {
    this.#socket = socket;
    this.#names = NAMES[names];
    this.#callId = callId;
    socket.on('message', (payload, { address, port }) => {
      const place = { time: 0, source: { address, port }, destination: PLATFORM, packets: [] };
      const [found] = new SipMessageFinder().push({ protocol: 'udp', payload, ...place });
      if (found) this.#heard.push(found.message);
      socket.emit('heard');
    });
  }

  static async open(callId: string, names: keyof typeof NAMES = 'long'): Promise<Edge> {
    const socket = createSocket('udp4').bind(0, HOST);
    await once(socket, 'listening');
    return new Edge(socket, names, callId);
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }

  /** Sends a request of the call, and returns what was sent. */
  send(method: string, cseq: number, tag = '', course = 'answer', body = ''): string {
    const { via, from, to, callId, contact, subject } = this.#names;
    const here = `${HOST}:${this.#socket.address().port}`;
    const lines = [
      `${method} sip:called@${HOST}:${PLATFORM.port} SIP/2.0`,
      `${via}: SIP/2.0/UDP ${here};branch=z9hG4bKedge${this.#branches++}`,
      `${via}: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKcaller${this.#branches}`,
      `${from}: <sip:caller@caller.example>;tag=abc`,
      `${to}: <sip:called@called.example>${tag}`,
      `${callId}: ${this.#callId}`,
      `CSeq: ${cseq} ${method}`,
      `${contact}: <sip:caller@${here}>`,
      `${subject}: ${course}`,
      'Max-Forwards: 69',
      `Content-Length: ${body.length}`,
    ];
    const text = `${lines.join('\r\n')}\r\n\r\n${body}`;
    this.again(text);
    return text;
  }

  /** Sends these octets. */
  again(text: string): void {
    this.#socket.send(Buffer.from(text, 'latin1'), PLATFORM.port, PLATFORM.address);
  }

  /** The message at this place among those that match. */
  async until(isIt: (message: WireMessage) => boolean, place = 0): Promise<WireMessage> {
    for (;;) {
      const found = this.#heard.filter(isIt)[place];
      if (found) return found;
      await once(this.#socket, 'heard', { signal: AbortSignal.timeout(10_000) });
    }
  }

  /** The answer with this status to a request of this method. */
  answer(status: number, method: string, place = 0): Promise<WireMessage> {
    return this.until((message) => message.status === status && message.cseq?.method === method, place);
  }
}

const TAG = ';tag=abc-platform';

describe("the voice platform's stand-in", { timeout: 60_000 }, () => {
  let sipp: SippProcess;
  before(async () => {
    sipp = await startSipp({ ...STAND_IN, local: PLATFORM });
  });
  after(() => sipp.stop(0));

  for (const names of ['long', 'compact'] as const) {
    test(`takes a call with ${names} header names from INVITE to BYE`, async () => {
      using edge = await Edge.open(`whole-${names}`, names);
      edge.send('INVITE', 1);
      const answer = await edge.answer(200, 'INVITE');
      assert.equal(answer.header('To'), `<sip:called@called.example>${TAG}`);
      assert.equal(answer.all('Via').join().split(',').length, 2);
      edge.send('ACK', 1, TAG);
      edge.send('BYE', 2, TAG);
      await edge.answer(200, 'BYE');
    });

    test(`does what ${names} header names ask for`, async () => {
      using edge = await Edge.open(`courses-${names}`, names);
      edge.send('INVITE', 1, '', 'hang-up');
      await edge.answer(200, 'INVITE');
      edge.send('ACK', 1, TAG);
      const bye = await edge.until(({ method }) => method === 'BYE');
      assert.match(bye.startLine, /^BYE sip:caller@127\.0\.0\.1:\d+ SIP\/2\.0$/);
      assert.equal(bye.header('To'), '<sip:caller@caller.example>;tag=abc');
      assert.equal(bye.header('From'), `<sip:called@called.example>${TAG}`);
    });
  }

  test('answers a BYE after a 2xx that came twice, and so got two ACKs', async () => {
    using edge = await Edge.open('two-acks');
    edge.send('INVITE', 1);
    await edge.answer(200, 'INVITE', 1);
    edge.send('ACK', 1, TAG);
    edge.send('ACK', 1, TAG);
    edge.send('BYE', 2, TAG);
    await edge.answer(200, 'BYE');
  });

  test('answers a BYE that comes before the ACK', async () => {
    using edge = await Edge.open('bye-first');
    edge.send('INVITE', 1);
    await edge.answer(200, 'INVITE');
    edge.send('BYE', 2, TAG);
    await edge.answer(200, 'BYE');
    edge.send('ACK', 1, TAG);
    edge.send('BYE', 3, TAG);
    await edge.answer(200, 'BYE', 1);
  });

  test('answers a BYE that comes again as it did the first time', async () => {
    using edge = await Edge.open('bye-again');
    edge.send('INVITE', 1);
    await edge.answer(200, 'INVITE');
    edge.send('ACK', 1, TAG);
    const bye = edge.send('BYE', 2, TAG);
    const first = await edge.answer(200, 'BYE');
    edge.again(bye);
    const second = await edge.answer(200, 'BYE', 1);
    assert.equal(second.text, first.text);
  });

  test('goes on with what it does where the ACK comes twice', async () => {
    using edge = await Edge.open('acts');
    edge.send('INVITE', 1, '', 'hang-up');
    await edge.answer(200, 'INVITE');
    edge.send('ACK', 1, TAG);
    edge.send('ACK', 1, TAG);
    await edge.until(({ method }) => method === 'BYE');
    edge.send('BYE', 2, TAG);
    await edge.answer(200, 'BYE');
  });

  for (const names of ['long', 'compact'] as const) {
    const told = 'Server: first|Unknown: a\r\n b\r\nContent-Length: 4\r\n\r\n\xFF|\r\n';

    test(`answers as a body with ${names} header names tells it, and names another port`, async () => {
      using edge = await Edge.open(`told-${names}`, names);
      edge.send('INVITE', 1, '', '\t as told 4711', told);
      for (const status of [180, 200]) {
        const answer = await edge.answer(status, 'INVITE');
        assert.deepEqual(answer.headers[0]?.slice(0, 2), ['Server', 'first']);
        assert.deepEqual(answer.all('Unknown'), ['a b']);
        assert.equal(answer.body, '\xFF|\r\n');
        assert.match(answer.header('Contact') ?? '', /@127\.0\.0\.1:4711;/);
      }
    });

    test(`refuses as a body with ${names} header names tells it`, async () => {
      using edge = await Edge.open(`refused-${names}`, names);
      edge.send('INVITE', 1, '', 'refuse as told', told);
      for (const status of [183, 486]) {
        const answer = await edge.answer(status, 'INVITE');
        assert.deepEqual(answer.all('Unknown'), ['a b']);
        assert.equal(answer.body, '\xFF|\r\n');
      }
      edge.send('ACK', 1, TAG);
    });
  }
});
