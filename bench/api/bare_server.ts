// What a request costs when no work is done for it: node's HTTP server and a body of the usual size.
import { createServer } from 'node:http';

import { MANAGEMENT_API } from '../edge/places.ts';

const BODY = JSON.stringify({ data: 'x'.repeat(900), links: [], errors: [] });

createServer((request, response) => {
  request.on('end', () => response.setHeader('Content-Type', 'application/json').end(BODY));
  request.resume();
}).listen(MANAGEMENT_API.port, MANAGEMENT_API.host);
