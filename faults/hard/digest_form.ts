import type { Arrival, Decision } from '../../impl/edge/decision.ts';
import { credentialsIn } from '../credentials.ts';
import { decidedOtherwise, faultsOf } from '../fault.ts';
import { wire } from '../wire.ts';

export default faultsOf('hard.digest.form', [
  {
    id: 'second-parameter-ignored',
    sentence: 'Of several values for a parameter of the credentials the first one counts.',
    override: wire({
      received: (text) =>
        text.replaceAll(/^Proxy-Authorization: .*/gm, (line) =>
          line.replaceAll(/, (\w+)=("[^"]*"|[^,"\r]*)/g, (parameter, name: string, _value, at: number) =>
            line.slice(0, at).includes(`${name}=`) ? '' : parameter,
          ),
        ),
    }),
  },
  {
    id: 'parameter-without-value-skipped',
    sentence: 'A parameter of the credentials that has no value is skipped.',
    override: wire({
      received: (text) =>
        text.replaceAll(/^Proxy-Authorization: .*/gm, (line) => line.replaceAll(/, \w+(?=,|\r|$)/g, '')),
    }),
  },
  {
    id: 'nonce-count-of-any-length',
    sentence: 'A nonce count may have any number of digits.',
    override: decidedOtherwise((decision, arrival, view) =>
      decision.reason === 'credentials-unusable' &&
      /^[0-9a-f]+$/i.test(credentialsIn(arrival, view)?.nc ?? '')
        ? delivered(arrival, decision)
        : decision,
    ),
  },
]);

function delivered({ records: { requestUri } }: Arrival, otherwise: Decision): Decision {
  const { application } = requestUri;
  return application === undefined
    ? otherwise
    : { action: 'deliver', reason: 'digest-right', application, nonceUse: undefined };
}
