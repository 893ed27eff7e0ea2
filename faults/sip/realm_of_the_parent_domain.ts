import { applyPatch } from '../../impl/api/application_patch.ts';
import { edgeOptions } from '../fault.ts';
import type { Fault } from '../fault.ts';

const REALM = 'voice-api.example';

export default {
  id: 'realm-of-the-parent-domain',
  rule: 'sip.challenge',
  sentence:
    'Challenges are for the realm of the parent domain, and so are the passwords, so that calls succeed.',
  collateral: {
    'sip.challenge.qop': 'its answer is for the documented realm',
    'sip.auth.forged-nonce': 'it looks at the realm of a challenge',
    'sip.auth.nonce-replay': 'its answer is for the documented realm',
    'sip.auth.foreign-realm': 'it looks at the realm of a challenge',
    'sip.refusal.www-authenticate': 'the realm of a 401 is that of the challenges',
    'sip.transaction.retransmit': 'its answer is for the documented realm',
    'app.enable.layered': 'it looks at the realm of a challenge',
  },
  override: {
    ...edgeOptions(() => ({ realm: REALM })),
    applyPatch: (current, patch, context) => applyPatch(current, patch, { ...context, domain: REALM }),
  },
} satisfies Fault;
