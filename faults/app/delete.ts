import { refuse } from '../../impl/api/envelope.ts';
import type { Parts } from '../../impl/system.ts';
import { apiOptions, faultsOf } from '../fault.ts';

export default faultsOf('app.delete', [
  {
    id: 'delete-needs-json-body',
    sentence: 'A DELETE that names JSON as its content type needs a body of JSON.',
    override: deletionRefused(({ 'content-type': type }) => type === 'application/json', 'malformed'),
  },
  {
    id: 'delete-content-type-checked',
    sentence: 'A DELETE without a body is refused for a content type that is not JSON.',
    override: deletionRefused(
      ({ 'content-type': type }) => type !== undefined && !type.includes('json'),
      'unsupportedMediaType',
    ),
  },
  {
    id: 'delete-chunked-refused',
    sentence: 'A DELETE whose only chunk is empty is refused for its body.',
    override: deletionRefused(
      ({ 'transfer-encoding': coding, 'content-type': type }) => coding !== undefined && type === undefined,
      'unsupportedMediaType',
    ),
  },
]);

/** A DELETE with such header fields is refused. */
function deletionRefused(
  concerns: (headers: Readonly<Record<string, string | string[] | undefined>>) => boolean,
  kind: 'malformed' | 'unsupportedMediaType',
): Partial<Parts> {
  return apiOptions(({ newUuid }) => ({
    hook(app) {
      app.addHook('onRequest', async ({ method, headers }, reply) =>
        method === 'DELETE' && concerns(headers)
          ? refuse(reply, [{ kind, description: 'send a body of type application/json' }], newUuid)
          : undefined,
      );
    },
  }));
}
