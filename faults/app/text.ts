import { faultsOf } from '../fault.ts';
import { answersRewritten, changed, isObject } from '../http.ts';
import { bodiesRewritten } from '../requests.ts';

export default faultsOf('app.text', [
  {
    id: 'lone-surrogate-replaced',
    sentence: 'A lone surrogate is accepted, and another character is stored in its place.',
    override: bodiesRewritten((body) => wellFormed(body)),
  },
  {
    id: 'lone-surrogate-field-unnamed',
    sentence: 'The refusal of a lone surrogate does not say which field it is in.',
    override: answersRewritten(({ request, reply, body }) =>
      reply.statusCode === 400 && holdsLoneSurrogate(request.body)
        ? changed(body, { errors: [{ type: 'request.malformed', description: 'the body is not text' }] })
        : body,
    ),
  },
  {
    id: 'surrogate-pair-cut',
    sentence: 'A character beyond the basic plane is dropped from a name.',
    override: bodiesRewritten((body) => {
      const { applicationName: name } = body;
      if (typeof name !== 'string' || !name.isWellFormed()) return body;
      return { ...body, applicationName: name.replaceAll(/[\u{10000}-\u{10ffff}]/gu, '?') };
    }),
  },
]);

/** The value with U+FFFD in place of each lone surrogate. */
function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, wellFormed(inner)]));
}

/** Whether a member is no Unicode text, or has a member that is none. */
function holdsLoneSurrogate(body: unknown): boolean {
  if (typeof body === 'string') return !body.isWellFormed();
  return isObject(body) && Object.values(body).some((inner) => holdsLoneSurrogate(inner));
}
