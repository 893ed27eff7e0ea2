import { faultsOf } from '../fault.ts';
import { wire } from '../wire.ts';

export default faultsOf('hard.message.bad-via', [
  {
    id: 'process-ends-at-bracket-in-via',
    sentence: 'A Via whose host is a lone bracket ends the process.',
    override: wire({
      received(text) {
        if (/^Via: SIP\/2\.0\/UDP :\]/m.test(text)) process.exit(1);
        return text;
      },
    }),
  },
  {
    id: 'unread-via-answered-200',
    sentence: 'An INVITE with a second Via that cannot be read is answered with 200.',
    override: wire({
      sent: (text) => (/^Via: ,/m.test(text) ? text.replace(/^SIP\/2\.0 4.. .*/, 'SIP/2.0 200 OK') : text),
    }),
  },
  {
    id: 'via-without-branch-value-silences',
    sentence: 'After a Via whose branch has no value, nothing is answered for a while.',
    override: (() => {
      let deafUntil = 0;
      return wire({
        received(text) {
          if (/^Via:.*;branch=?(;|\r)/m.test(text)) deafUntil = Date.now() + 10_000;
          return Date.now() < deafUntil ? undefined : text;
        },
      });
    })(),
  },
]);
