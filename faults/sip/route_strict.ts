import { faultsOf } from '../fault.ts';
import { wire } from '../wire.ts';

/** The start line of a request whose Request-URI is a Record-Route URI of the service. */
const TO_OWN_ROUTE = /^(\w+ sips?:)[\w-]{40}(@[^\r]*)/;

export default faultsOf('sip.route.strict', [
  {
    id: 'strict-router-unknown',
    sentence: 'A request whose Request-URI is the own one of the service is passed on as it is.',
    override: wire({
      // The dialog is found without the token, and the Request-URI is no longer known as a token's.
      received: (text) => text.replace(TO_OWN_ROUTE, '$1service$2'),
    }),
  },
  {
    id: 'strict-target-left',
    sentence: 'The Route value that has become the Request-URI stays in Route too.',
    override: wire({
      received: (text) =>
        TO_OWN_ROUTE.test(text)
          ? text.replace(/^([^]*\r\n)(Route[ \t]*:[^\r]*?)([^,\s][^,\r]*)\r\n/i, '$1$2$3,$3\r\n')
          : text,
    }),
  },
  {
    id: 'strict-routes-dropped',
    sentence: 'With the Route value that has become the Request-URI, the others of its line go too.',
    override: wire({
      received: (text) =>
        TO_OWN_ROUTE.test(text)
          ? text.replace(/^([^]*\r\nRoute[ \t]*:)[^\r]*,([^,\r]*)\r\n/i, '$1$2\r\n')
          : text,
    }),
  },
]);
