import { decidedOtherwise } from '../fault.ts';
import type { Fault } from '../fault.ts';

const HEARD_OF = [
  'INFO',
  'MESSAGE',
  'NOTIFY',
  'PRACK',
  'PUBLISH',
  'REFER',
  'REGISTER',
  'SUBSCRIBE',
  'UPDATE',
];

export default {
  id: 'unheard-of-method-passed-on',
  rule: 'sip.methods',
  sentence: 'A request of a method that the service has never heard of is passed on without a question.',
  override: decidedOtherwise((decision, { request }, { directory }) => {
    const application = directory.find(request.uri.user ?? '');
    const isUnheardOf = decision.reason === 'method-not-allowed' && !HEARD_OF.includes(request.method);
    return isUnheardOf && application !== undefined
      ? { action: 'deliver', reason: 'source-trusted', application, nonceUse: undefined }
      : decision;
  }),
} satisfies Fault;
