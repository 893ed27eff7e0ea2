/** An HTTP answer on its way from the service to the suite. */
export interface Relayed {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What was asked. */
export interface Question {
  readonly method: string;
  readonly path: string;
}

/** Makes another answer of an honest one. */
export type Deviation = (answer: Relayed, question: Question) => Relayed;

/** A member with the value undefined goes. */
type Members = Readonly<Record<string, unknown>>;

function isToken({ path }: Question): boolean {
  return path.endsWith('/token');
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The body with other members; what is no JSON object stays as it is. */
function rewritten(answer: Relayed, change: (body: Members) => unknown): Relayed {
  if (!answer.body.startsWith('{')) return answer;
  const body: unknown = JSON.parse(answer.body);
  return isObject(body) ? { ...answer, body: JSON.stringify(change(body)) } : answer;
}

function withType(answer: Relayed, type: string): Relayed {
  return { ...answer, headers: { ...answer.headers, 'content-type': type } };
}

/** Every answer with a token has these members. */
function token(members: Members): Deviation {
  return (answer, question) =>
    isToken(question) && answer.status === 200
      ? rewritten(answer, (body) => ({ ...body, ...members }))
      : answer;
}

/** Every answer with a token is another one. */
function tokenAnswer(change: (answer: Relayed) => Relayed): Deviation {
  return (answer, question) => (isToken(question) && answer.status === 200 ? change(answer) : answer);
}

/** Every answer of the management API has these members. */
function envelope(change: (body: Members) => Members): Deviation {
  return (answer, question) => (isToken(question) ? answer : rewritten(answer, change));
}

/** Every success of this method in the management API is another one. */
function success(method: string, change: (answer: Relayed) => Relayed): Deviation {
  return (answer, question) =>
    question.method === method && !isToken(question) && answer.status < 300 ? change(answer) : answer;
}

/** Every refusal of the management API is another one. */
function refusal(change: (answer: Relayed) => Relayed): Deviation {
  return (answer, question) => (!isToken(question) && answer.status >= 400 ? change(answer) : answer);
}

function status(code: number): (answer: Relayed) => Relayed {
  return (answer) => ({ ...answer, status: code });
}

function empty(code: number): (answer: Relayed) => Relayed {
  return ({ headers: { 'content-type': _type, ...headers } }) => ({ status: code, headers, body: '' });
}

function withoutLocation({ headers: { location: _location, ...headers }, ...answer }: Relayed): Relayed {
  return { ...answer, headers };
}

/** RFC 9457: another way to say what is wrong. */
function asProblem(answer: Relayed): Relayed {
  const problem = rewritten(answer, ({ errors }) => {
    const [first] = Array.isArray(errors) ? (errors as unknown[]) : [];
    const { type, description, source } = isObject(first) ? first : {};
    const field = isObject(source) ? source['field'] : undefined;
    return {
      type: `urn:${String(type)}`,
      title: 'refused',
      detail: `${String(field)}: ${String(description)}`,
    };
  });
  return withType(problem, 'application/problem+json');
}

/** What the standards allow: no rule is about it. */
export const LEGAL_DEVIATIONS = {
  'a token type in capitals': token({ token_type: 'BEARER' }),
  'a token that lives for ages': token({ expires_in: 1e15 }),
  'a token with a scope and more': token({ scope: 'voice', refresh_expires_in: '0', 'not-before-policy': 0 }),
  'a token with a charset': tokenAnswer((answer) => withType(answer, 'Application/JSON;Charset="utf-8"')),
  'a token behind a byte order mark': tokenAnswer((answer) => ({ ...answer, body: `\uFEFF${answer.body}` })),
  'a new application without Location': success('POST', withoutLocation),
  'more members in every answer': envelope((body) => ({
    ...body,
    page: null,
    ...(isObject(body['data']) ? { data: { ...body['data'], revision: 7 } } : {}),
  })),
  'a deletion in an envelope': success('DELETE', () => ({
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: '{"links":[],"data":null,"errors":[]}',
  })),
} satisfies Readonly<Record<string, Deviation>>;

/** What breaks one rule, and hinders nobody who does without. */
const BREAKING_DEVIATIONS = {
  'a token without expires_in': token({ expires_in: undefined }),
  'a token with expires_in as a string': token({ expires_in: '3600' }),
  'a token that lives for no time': token({ expires_in: 0 }),
  'a token that lives for less than no time': token({ expires_in: -1 }),
  'a token without a type': token({ token_type: undefined }),
  'a token of another type': token({ token_type: 'mac' }),
  'a token with 201': tokenAnswer(status(201)),
  'a token in another JSON type': tokenAnswer((answer) => withType(answer, 'application/vnd.example+json')),
  'a new application with 200': success('POST', status(200)),
  'a new application with 202': success('POST', status(202)),
  'a new application without an envelope': success('POST', (answer) => rewritten(answer, ({ data }) => data)),
  'a new application in Location alone': success('POST', empty(201)),
  'answers without links': envelope(({ links: _links, ...body }) => body),
  'answers with null for links': envelope((body) => ({ ...body, links: null })),
  'answers without errors where there is none': (answer, question) =>
    answer.status < 400 ? envelope(({ errors: _errors, ...body }) => body)(answer, question) : answer,
  'answers with null for errors where there is none': (answer, question) =>
    answer.status < 400 ? envelope((body) => ({ ...body, errors: null }))(answer, question) : answer,
  'answers with data in a list': envelope((body) =>
    isObject(body['data']) ? { ...body, data: [body['data']] } : body,
  ),
  'answers with data one level deeper': envelope((body) =>
    isObject(body['data']) ? { ...body, data: { application: body['data'] } } : body,
  ),
  'refusals with one error outside of a list': refusal((answer) =>
    rewritten(answer, ({ errors, ...body }) => ({
      ...body,
      errors: Array.isArray(errors) ? errors[0] : errors,
    })),
  ),
  'refusals as problem details': refusal(asProblem),
  'refusals as text': refusal((answer) => withType({ ...asProblem(answer) }, 'text/plain')),
  'changes without a body': success('PATCH', empty(204)),
  'deletions that are taken up': success('DELETE', empty(202)),
  'no token in the answer': token({ access_token: undefined }),
  'no id of a new application': success('POST', (answer) =>
    rewritten(withoutLocation(answer), (body) => ({ ...body, data: { applicationName: 'nameless' } })),
  ),
} satisfies Readonly<Record<string, Deviation>>;

/** All deviations, by name. */
export const DEVIATIONS: ReadonlyMap<string, Deviation> = new Map<string, Deviation>(
  Object.entries({ ...LEGAL_DEVIATIONS, ...BREAKING_DEVIATIONS }),
);
