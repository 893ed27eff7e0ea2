import { refuse } from '../../impl/api/envelope.ts';
import { apiOptions, faultsOf } from '../fault.ts';
import { bodiesRewritten } from '../requests.ts';

function isMergePatch({
  'content-type': type = '',
}: {
  readonly 'content-type'?: string | undefined;
}): boolean {
  return type.startsWith('application/merge-patch+json');
}

export default faultsOf('app.patch.merge-patch', [
  {
    id: 'merge-patch-refused',
    sentence: 'A merge patch is refused for its content type.',
    override: apiOptions(({ newUuid }) => ({
      hook(app) {
        app.addHook('onRequest', async ({ headers }, reply) => {
          if (!isMergePatch(headers)) return undefined;
          const description = 'send a body of type application/json';
          return refuse(reply, [{ kind: 'unsupportedMediaType', description }], newUuid);
        });
      },
    })),
  },
  {
    id: 'merge-patch-changes-nothing',
    sentence: 'A merge patch is answered with 200 and changes nothing.',
    override: bodiesRewritten((body, { headers }) => (isMergePatch(headers) ? {} : body)),
  },
]);
