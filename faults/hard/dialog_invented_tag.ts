import type { Decision } from '../../impl/edge/decision.ts';
import { decide } from '../../impl/edge/policy.ts';
import { listen } from '../../impl/sip/listener.ts';
import { decidedOtherwise, edgeWith, faultsOf } from '../fault.ts';

const HIDDEN_TO = /^To[^\w\s:-]+:.*\r\n/gm;

/** Calls whose INVITE had a second To. */
const disguised = new Set<string>();

export default faultsOf('hard.dialog.invented-tag', [
  {
    id: 'hidden-to-makes-dialog',
    sentence: 'A second To whose name ends in a control character makes an INVITE one of a call.',
    override: edgeWith({
      listen: (binding, user, wheel) =>
        listen(
          binding,
          {
            received(packet, source, transport) {
              const text = packet.toString('latin1');
              const plain = text.replace(HIDDEN_TO, '');
              if (plain !== text) disguised.add(/^Call-ID: (\S+)/m.exec(text)?.[1] ?? '');
              user.received(Buffer.from(plain, 'latin1'), source, transport);
            },
            undelivered: (...told) => user.undelivered(...told),
          },
          wheel,
        ),
      decide(arrival, view, now): Decision {
        const application = arrival.records.requestUri.application;
        return disguised.has(arrival.request.callId) && application !== undefined
          ? { action: 'deliver', reason: 'source-trusted', application, nonceUse: undefined }
          : decide(arrival, view, now);
      },
    }),
  },
  {
    id: 'route-makes-dialog',
    sentence: 'An INVITE that brings a Route is taken for one of a call that was let in.',
    override: decidedOtherwise((decision, { request, records }) => {
      const { application } = records.requestUri;
      const isMeant = decision.reason === 'no-credentials' && request.field('route') !== undefined;
      return isMeant && application !== undefined
        ? { action: 'deliver', reason: 'source-trusted', application, nonceUse: undefined }
        : decision;
    }),
  },
  {
    id: 'to-tag-and-route-make-dialog',
    sentence: 'An INVITE with a To tag is taken for one of a call if it brings a Route to the service.',
    override: decidedOtherwise((decision, { request }, { directory }) => {
      const application = directory.find(request.uri.user ?? '');
      const isMeant = decision.reason === 'no-such-dialog' && /lr/.test(request.values('route').join(','));
      return isMeant && request.method === 'INVITE' && application !== undefined
        ? { action: 'deliver', reason: 'source-trusted', application, nonceUse: undefined }
        : decision;
    }),
  },
]);
