import { errorCodes, type FastifyInstance } from 'fastify';

/** A refused body up to this many octets is read to its end and thrown away. */
const DRAINED_OCTETS = 16 * 1024 * 1024;

/** RFC 7396: what a PATCH here means, also where it is sent as plain JSON. */
const MERGE_PATCH = 'application/merge-patch+json';
/** The types of a PATCH. */
export const PATCH_TYPES: readonly string[] = ['application/json', MERGE_PATCH];
/** The value of Accept-Patch (RFC 5789 section 3.1). */
export const ACCEPT_PATCH = PATCH_TYPES.join(', ');

/** JSON text between systems is UTF-8 (RFC 8259 section 8.1). Other octets would be stored altered. */
const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** Accepts bodies of type application/json only. A body that is not UTF-8 is not JSON. */
export function acceptOnlyJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  acceptJsonAs(app, 'application/json');
  drainRefusedBodies(app);
}

/** Accepts merge patches too, and names both types where a third one is refused (rules app.patch.*). */
export function acceptMergePatch(app: FastifyInstance): void {
  acceptJsonAs(app, MERGE_PATCH);
  app.addHook('onSend', async (_request, reply) => {
    if (reply.statusCode === 415) void reply.header('accept-patch', ACCEPT_PATCH);
  });
}

function acceptJsonAs(app: FastifyInstance, type: string): void {
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser(type, { parseAs: 'buffer' }, (request, octets, done) => {
    const text = decoded(octets);
    return text === undefined
      ? done(new errorCodes.FST_ERR_CTP_INVALID_JSON_BODY())
      : parseJson(request, text, done);
  });
}

function decoded(octets: Buffer | string): string | undefined {
  if (typeof octets === 'string') return octets;
  try {
    return UTF8.decode(octets);
  } catch {
    return undefined;
  }
}

/**
 * A client that is still sending when it gets its 413 must be able to read it (RFC 9112 section 9.6): closing now
 * would reset the connection. Without "close" node reads the rest of the body, and the connection lives.
 */
function drainRefusedBodies(app: FastifyInstance): void {
  app.addHook('onSend', async (request, reply) => {
    const length = Number(request.headers['content-length'] ?? Infinity);
    if (reply.statusCode === 413 && length <= DRAINED_OCTETS) void reply.removeHeader('connection');
  });
}
