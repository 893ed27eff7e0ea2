import type { WireMessage } from '../capture/sip_messages.ts';
import { invitesOf, transactionsOf, type Call, type CallerTransaction } from '../traffic/call.ts';
import { HarnessError } from '../verdict.ts';
import { digestsIn } from './challenge.ts';
import { matched, mismatch, type Match } from './match.ts';

const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  401: 'Unauthorized',
  403: 'Forbidden',
  407: 'Proxy Authentication Required',
  482: 'Loop Detected',
  483: 'Too Many Hops',
};

function named(status: number): string {
  const reason = REASONS[status];
  return reason === undefined ? String(status) : `${status} ${reason}`;
}

function shown(message: WireMessage | undefined): string {
  return message?.status === undefined
    ? 'no final answer'
    : `${message.status} ${message.reason ?? ''}`.trim();
}

/**
 * The request's final answer in words; else how far it got, and what SIPp says about that. `to` names the request where
 * that is not clear.
 */
function outcome({ sipp }: Call, { final, responses, strays }: CallerTransaction, to = ''): string {
  if (final) return `${shown(final)}${to}`;
  const last = responses.at(-1);
  const silence = last ? `${shown(last)}${to}, and no final answer after it` : `no final answer${to}`;
  const [stray] = strays;
  if (stray) return `${silence}: the ${shown(stray.response)} that came does not count, as ${stray.reason}`;
  return sipp.outcome === 'passed' ? silence : `${silence} (SIPp: ${sipp.reason})`;
}

/** What is wrong with the To tags of an answered call; undefined where nothing is. They identify the dialog. */
function dialogProblem(invite: CallerTransaction, bye: CallerTransaction | undefined): string | undefined {
  if (toTag(invite.final) === undefined) {
    return 'a 200 to the INVITE whose To has no tag: there is no dialog (RFC 3261 sections 8.2.6.2, 12.1.1)';
  }
  const [asked, answered] = [toTag(bye?.request), toTag(bye?.final)];
  return bye?.final && answered !== asked
    ? `a 200 to the BYE with the To tag ${answered ?? '(none)'}, where the BYE had ${asked ?? '(none)'} (RFC 3261 section 8.2.6.2)`
    : undefined;
}

/** The tag of the To header, not of the URI in it. */
function toTag(message: WireMessage | undefined): string | undefined {
  const value = message?.header('To') ?? '';
  return /;\s*tag\s*=\s*([^\s;]+)/i.exec(value.slice(value.lastIndexOf('>') + 1))?.[1];
}

function place({ request }: CallerTransaction): string {
  return `the answer to ${request.method} with CSeq ${request.cseq?.number}; see the ladder`;
}

/** Says that too little was sent, and why: over TCP the service may have accepted no connection. */
function unsent(what: string, { sipp }: Call): string {
  return sipp.outcome === 'passed' ? what : `${what}; SIPp: ${sipp.reason}`;
}

/**
 * The last INVITE of the call was refused with this final status, the caller accepted that as the answer, and SIPp saw
 * nothing unexpected.
 * Rules: sip.auth.wrong-password, sip.disabled, sip.hops, sip.identity.auth-user, sip.identity.request-uri,
 * sip.identity.to, sip.ip.not-listed, sip.ip.prefix-edges, sip.layered.digest-fails, sip.layered.ip-fails, sip.loop,
 * sip.region.refused, sip.region.update, sip.source-ips.update, app.disable.kills-credential,
 * app.rotate.old-dies-at-once.
 */
export function finallyAnswered(call: Call, status: number): Match {
  const last = invitesOf(call).at(-1);
  if (!last) return mismatch(named(status), unsent('no INVITE was sent', call), 'the SIPp log');
  if (last.final?.status !== status) return mismatch(named(status), outcome(call, last), place(last));
  const wish = `${named(status)} as the last answer`;
  const quiet = undisturbed(call, wish);
  if (!quiet.ok || !hasBye(call)) return quiet;
  return mismatch(wish, 'a call that was set up all the same, and ended by BYE', 'the ladder');
}

/**
 * The call was answered, confirmed and ended by BYE.
 * Rules: sip.auth.accepted, sip.dialog.in-route, sip.ip.prefix-edges, sip.layered.both, sip.no-register-needed,
 * sip.region.allowed, sip.region.update, sip.source-ips.update, sip.tcp, app.rotate.new-password.
 */
export function setUp(call: Call): Match {
  const wish = 'the call set up with 200 OK, and its BYE answered with 200 OK';
  const invite = invitesOf(call).at(-1);
  if (!invite) return mismatch(wish, unsent('no INVITE was sent', call), 'the SIPp log');
  if (invite.final?.status !== 200)
    return mismatch(wish, outcome(call, invite, ' to the INVITE'), place(invite));
  const second = invite.responses.find(({ status = 0 }) => status > 200);
  if (second) {
    const where = 'the ladder (RFC 3261 section 17.2.1)';
    return mismatch(wish, `200 to the INVITE, and then ${shown(second)} to it`, where);
  }
  const bye = transactionsOf(call).find(({ request }) => request.method === 'BYE');
  if (bye && bye.final?.status !== 200) return mismatch(wish, outcome(call, bye, ' to the BYE'), place(bye));
  const problem = dialogProblem(invite, bye);
  if (problem !== undefined) return mismatch(wish, problem, 'the SIP messages');
  const quiet = undisturbed(call, wish);
  if (!quiet.ok || hasBye(call)) return quiet;
  return mismatch(wish, '200 OK to the INVITE, and no BYE from either side', 'the ladder');
}

/**
 * The call was set up; or it was refused with a 5xx, which says that the service lacks something.
 * Rule: hard.descriptors.
 */
export function setUpOrUnavailable(call: Call): Match {
  const status = invitesOf(call).at(-1)?.final?.status ?? 0;
  if (status >= 500 && status < 600) return finallyAnswered(call, status);
  const match = setUp(call);
  return match.ok
    ? matched
    : mismatch([...match.acceptable, 'a refusal with 5xx'], match.actual, match.where);
}

/** Whether either side ended the call, so that it had been set up. */
function hasBye({ messages }: Call): boolean {
  return messages.some(({ method }) => method === 'BYE');
}

/** SIPp saw nothing wrong with the call. That alone is no verdict: its scenario may accept any final answer. */
function undisturbed(call: Call, wish: string): Match {
  return call.sipp.outcome === 'passed' ? matched : mismatch(wish, `SIPp: ${call.sipp.reason}`, 'the ladder');
}

/**
 * No request of the call was ever answered with this status.
 * Rules: sip.hops.before-auth, sip.ip.no-challenge, sip.ip.not-listed.
 */
export function neverAnswered(call: Call, status: number): Match {
  const found = transactionsOf(call).find(({ responses }) =>
    responses.some((response) => response.status === status),
  );
  return found ? mismatch(`no ${named(status)} at all`, named(status), place(found)) : matched;
}

/**
 * The first INVITE was challenged as RFC 3261 section 22.3 says, for this realm.
 * Rules: sip.auth.foreign-realm, sip.auth.forged-nonce, sip.auth.nonce-replay, sip.challenge,
 * sip.refusal.www-authenticate.
 */
export function challenged(call: Call, realm: string): Match {
  const first = invitesOf(call)[0];
  const wish = `407 with Proxy-Authenticate: Digest realm="${realm}", nonce="…"`;
  if (!first) return mismatch(wish, unsent('no INVITE was sent', call), 'the SIPp log');
  if (first.final?.status !== 407) return mismatch(wish, outcome(call, first), place(first));
  const fits = digestsIn(first.final).some(
    ({ parameters, isWellFormed }) =>
      isWellFormed && parameters.get('realm') === realm && parameters.get('nonce'),
  );
  return fits ? matched : mismatch(wish, shownChallenges(first.final), place(first));
}

/**
 * The second INVITE, whose nonce was old, was challenged again: a new nonce, and stale=true.
 * Rule: sip.auth.stale-nonce.
 */
export function challengedAsStale(call: Call): Match {
  const [first, second] = invitesOf(call);
  const wish = '407 with stale=true and a nonce not given before';
  if (!first || !second) return mismatch(wish, 'the call ended before the second INVITE', 'the ladder');
  if (second.final?.status !== 407) return mismatch(wish, outcome(call, second), place(second));
  const stale = digestsIn(second.final).filter(
    ({ parameters }) => parameters.get('stale')?.toLowerCase() === 'true' && parameters.get('nonce'),
  );
  if (stale.length === 0) return mismatch(wish, shownChallenges(second.final), place(second));
  const given = new Set(digestsIn(first.final).map(({ parameters }) => parameters.get('nonce')));
  const renewed = stale.some(({ parameters }) => !given.has(parameters.get('nonce')));
  return renewed ? matched : mismatch(wish, '407 with stale=true and the same old nonce', place(second));
}

function shownChallenges(response: WireMessage): string {
  const challenges = response.all('Proxy-Authenticate');
  if (challenges.length === 0) return '407 without Proxy-Authenticate';
  return `407 with Proxy-Authenticate: ${challenges.join(' | ')}`;
}

/** Every OPTIONS got a 200 with this reason phrase, and no challenge (rules sip.options.keepalive, sip.tcp). */
export function keptAlive(call: Call, reason: string, times: number): Match {
  const wish = `200 ${reason} to ${times === 1 ? 'the' : `each of ${times}`} OPTIONS`;
  const asked = transactionsOf(call).filter(({ request }) => request.method === 'OPTIONS');
  if (asked.length < times)
    return mismatch(wish, unsent(`${asked.length} OPTIONS were sent`, call), 'the SIPp log');
  const wrong = asked.find(({ final }) => final?.status !== 200 || final.reason !== reason);
  if (wrong) return mismatch(wish, outcome(call, wrong), place(wrong));
  return undisturbed(call, wish);
}

/**
 * No INVITE of the call got through to the voice platform.
 * Rules: sip.challenge, sip.dialog.auth, sip.disabled, sip.ip.not-listed, sip.region.refused.
 */
export function undelivered(call: Call): Match {
  const through = call.delivered?.find((message) => message.method === 'INVITE');
  return through
    ? mismatch(
        'nothing reaches the voice platform',
        `INVITE ${through.startLine.split(' ')[1]} was delivered`,
        'the ladder',
      )
    : matched;
}

/**
 * The call's INVITE reached the voice platform. Matches too where no stand-in of ours is there.
 * Rule: sip.auth.accepted.
 */
export function delivered(call: Call): Match {
  const seen = call.delivered?.some((message) => message.method === 'INVITE') ?? true;
  return seen ? matched : mismatch('the INVITE reaches the voice platform', 'it never did', 'the ladder');
}

/**
 * No request that reached the voice platform carries a header whose name begins with X-, in any spelling.
 * Rule: sip.headers.vendor-stripped.
 */
export function withoutVendorHeaders(call: Call): Match {
  for (const request of toVoicePlatform(call).filter(({ method }) => method !== undefined)) {
    const leaked = request.headers.find(([name]) => /^x-/i.test(name.trim()));
    if (leaked) {
      return mismatch(
        'no header whose name begins with X-',
        `"${leaked[2].trim()}"`,
        `the ${request.method} delivered to the voice platform`,
      );
    }
  }
  return matched;
}

/**
 * No part of the value of a header whose name begins with X-, folded lines included, reached the voice platform.
 * Rule: sip.headers.vendor-stripped.
 */
export function withoutVendorValues(call: Call): Match {
  const values = call.messages
    .filter(({ method }) => method !== undefined)
    .flatMap(({ headers }) => headers)
    .filter(([name]) => /^x-/i.test(name.trim()))
    .flatMap(([, , line]) => line.slice(line.indexOf(':') + 1).split(/\r\n/))
    .map((piece) => piece.trim());
  for (const request of toVoicePlatform(call).filter(({ method }) => method !== undefined)) {
    const leaked = values.find((value) => value !== '' && request.text.includes(value));
    if (leaked !== undefined) {
      return mismatch(
        'nothing of what stood in a header whose name begins with X-',
        `"${leaked}"`,
        `the ${request.method} delivered to the voice platform`,
      );
    }
  }
  return matched;
}

/**
 * The INVITE that the voice platform sent back into the service was answered with this status.
 * Rules: sip.hops.before-auth, sip.loop.
 */
export function returnedWith(call: Call, status: number): Match {
  const wish = `${named(status)} to the INVITE that came back`;
  if (toVoicePlatform(call).length === 0)
    return mismatch(wish, 'none had reached the voice platform', 'the ladder');
  const answer = toVoicePlatform(call).find(
    (message) => message.cseq?.method === 'INVITE' && (message.status ?? 0) >= 200,
  );
  return answer?.status === status ? matched : mismatch(wish, shown(answer), 'the ladder');
}

/** What was sent to the voice platform, whose address is where the first message of a delivered call went. */
function toVoicePlatform({ delivered: messages = [] }: Call): WireMessage[] {
  const voicePlatform = messages[0]?.destination;
  return messages.filter(
    ({ destination }) =>
      destination.address === voicePlatform?.address && destination.port === voicePlatform.port,
  );
}

/**
 * Throws a HarnessError where the caller sent a REGISTER: its call then does not test the rule.
 * Rule: sip.no-register-needed.
 */
export function assertUnregistered(call: Call): void {
  if (call.messages.some(({ method }) => method === 'REGISTER')) {
    throw new HarnessError(
      'the SIPp scenario sends a REGISTER, so its call shows nothing of calls without one',
    );
  }
}

/**
 * Throws a HarnessError where the caller was to give credentials, and no request of its had any: its refusal then shows
 * nothing of calls with them.
 */
export function assertCredentialsSent({ hasCredentials, messages, sipp: { local } }: Call): void {
  const isOurs = ({ source }: WireMessage): boolean =>
    source.address === local.address && source.port === local.port;
  const isSent = messages.some(
    (message) =>
      isOurs(message) && /^(Proxy-)?Authorization[ \t]*:/im.test(message.text.split('\r\n\r\n', 1)[0] ?? ''),
  );
  if (!hasCredentials || isSent) return;
  throw new HarnessError(
    'the call was refused before anybody asked for credentials, so none were sent, and it shows nothing of calls with ' +
      'them: let the step send them at once, in the first INVITE',
  );
}

/** Nothing of this method got through to the voice platform (rule sip.methods). */
export function methodUndelivered(call: Call, method: string): Match {
  return call.delivered?.some((message) => message.method === method)
    ? mismatch('nothing reaches the voice platform', `a ${method} was delivered`, 'the ladder')
    : matched;
}
