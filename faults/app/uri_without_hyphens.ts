import { applyPatch } from '../../impl/api/application_patch.ts';
import type { Fault } from '../fault.ts';

export default {
  id: 'uri-without-hyphens',
  rule: 'app.uri.format',
  sentence: 'The user part of a SIP URI is thirty-two hexadecimal digits without hyphens.',
  override: {
    applyPatch: (current, patch, context) =>
      applyPatch(current, patch, { ...context, newUuid: () => context.newUuid().replaceAll('-', '') }),
  },
} satisfies Fault;
