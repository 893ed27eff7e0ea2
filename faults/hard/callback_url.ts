import { applyPatch } from '../../impl/api/application_patch.ts';
import type { CallbackRefusal } from '../../impl/api/callback_url.ts';
import type { Parts } from '../../impl/system.ts';
import { apiOptions, faultsOf } from '../fault.ts';
import { answersRewritten, changed } from '../http.ts';

const DOTTED = /^https?:\/\/\d+\.\d+\.\d+\.\d+[:/]/i;

export default faultsOf('hard.callback-url', [
  {
    id: 'callback-url-unchecked',
    sentence: 'A callback URL may lead anywhere.',
    override: refusedOtherwise(() => undefined),
  },
  {
    id: 'callback-url-dotted-only',
    sentence: 'Only an address in dotted decimal notation is taken for an address.',
    override: refusedOtherwise((url, real) =>
      DOTTED.test(url) || url.includes('[') ? real(url) : undefined,
    ),
  },
  {
    id: 'callback-url-ipv6-unchecked',
    sentence: 'A callback URL with an IPv6 address may lead anywhere.',
    override: refusedOtherwise((url, real) => (url.includes('[') ? undefined : real(url))),
  },
  {
    id: 'callback-url-mapped-unchecked',
    sentence: 'An IPv4 address that is written as an IPv6 one is not recognised.',
    override: refusedOtherwise((url, real) => (/\[::ffff:/i.test(url) ? undefined : real(url))),
  },
  {
    id: 'callback-url-metadata-reachable',
    sentence: 'A link-local address is called.',
    override: refusedOtherwise((url, real) => (real(url)?.includes('169.254.') ? undefined : real(url))),
  },
  {
    id: 'callback-url-localhost-is-a-name',
    sentence: 'localhost is a host name like any other.',
    override: refusedOtherwise((url, real) => (/localhost/i.test(url) ? undefined : real(url))),
  },
  {
    id: 'callback-url-user-taken',
    sentence: 'A user name in a callback URL is taken.',
    override: refusedOtherwise((url, real) => (url.includes('@') ? undefined : real(url))),
  },
  {
    id: 'callback-url-checked-at-creation-only',
    sentence: 'A callback URL is checked at creation and not at change.',
    override: {
      applyPatch: (current, patch, context) =>
        applyPatch(current, patch, { ...context, callbackRefusal: () => undefined }),
    },
  },
  {
    id: 'callback-url-status-unchecked',
    sentence: 'The URL for the status of a call is not checked at change.',
    override: {
      applyPatch(current, { callStatusCallbackUrl, ...patch }, context) {
        const outcome = applyPatch(current, patch, context);
        if (outcome.next === undefined || callStatusCallbackUrl === undefined) return outcome;
        const profile = { ...outcome.next.profile, callStatusCallbackUrl };
        return { ...outcome, next: { ...outcome.next, profile } };
      },
    },
  },
  {
    id: 'callback-url-field-unnamed',
    sentence: 'The refusal of a callback URL does not say which field it is in.',
    override: answersRewritten(({ reply, body }) =>
      reply.statusCode === 400 && /Url: names .* which is not public/.test(JSON.stringify(body))
        ? changed(body, { errors: [{ type: 'field.invalid', description: 'a URL is not called' }] })
        : body,
    ),
  },
  {
    id: 'callback-url-of-a-name-refused',
    sentence: 'A callback URL is refused for an address in its query.',
    override: refusedOtherwise(
      (url, real) => real(url) ?? (/\?.*\d+\.\d+/.test(url) ? 'names an address' : undefined),
    ),
  },
]);

/** The API where `refusal` judges a callback URL, and may ask the real judgement. */
function refusedOtherwise(
  refusal: (url: string, real: CallbackRefusal) => string | undefined,
): Partial<Parts> {
  return apiOptions(({ callbackRefusal }) => ({ callbackRefusal: (url) => refusal(url, callbackRefusal) }));
}
