import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

import { apiOptions, faultsOf } from '../fault.ts';

export default faultsOf('app.odd-requests', [
  {
    id: 'connect-unanswered',
    sentence: 'CONNECT ends the connection without an answer.',
    override: apiOptions(() => ({
      hook({ server }) {
        server.removeAllListeners('connect').on('connect', (_request, socket: Socket) => socket.destroy());
      },
    })),
  },
  {
    id: 'connect-accepted',
    sentence: 'CONNECT is answered with 200, as if there were a tunnel.',
    override: apiOptions(() => ({
      hook({ server }) {
        server
          .removeAllListeners('connect')
          .on('connect', (_request, socket: Socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'));
      },
    })),
  },
  {
    id: 'expectation-without-envelope',
    sentence: 'An unknown expectation gets 417 without a body.',
    override: apiOptions(() => ({
      hook({ server }) {
        server.removeAllListeners('checkExpectation');
      },
    })),
  },
  {
    id: 'continue-refused',
    sentence: 'The expectation of 100-continue is refused as if it were unknown.',
    override: apiOptions(() => ({
      hook({ server }) {
        server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) =>
          server.emit('checkExpectation', request, response),
        );
      },
    })),
  },
]);
