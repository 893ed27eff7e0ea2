/** The same reason for each of these rules but the fault's own. */
export function because(
  reason: string,
  rules: readonly string[],
  own: string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(rules.filter((rule) => rule !== own).map((rule) => [rule, reason]));
}

/** Rules with a scenario in which a call is set up. */
export const EVERY_CALL_SET_UP: readonly string[] = [
  'app.cidr.limit',
  'app.disable.kills-credential',
  'app.enable.ip-only',
  'app.enable.layered',
  'app.enable.password',
  'app.last-mechanism',
  'app.password-off',
  'app.patch.atomic',
  'app.reenable.fresh',
  'app.regions.only',
  'app.regions.unknown',
  'app.rotate.keeps-rest',
  'app.rotate.new-password',
  'app.rotate.old-dies-at-once',
  'app.source-ips.replaced-whole',
  'app.uri.format',
  'sip.ack-cancel.unchallenged',
  'sip.auth.accepted',
  'sip.auth.foreign-realm',
  'sip.auth.nonce-replay',
  'sip.auth.stale-nonce',
  'sip.cancel',
  'sip.challenge.qop',
  'sip.dialog.in-route',
  'sip.headers.credentials-consumed',
  'sip.headers.standard-kept',
  'sip.headers.vendor-stripped',
  'sip.hops.before-auth',
  'sip.hops.decrement',
  'sip.ip.no-challenge',
  'sip.ip.prefix-edges',
  'sip.layered.both',
  'sip.loop',
  'sip.no-register-needed',
  'sip.region.allowed',
  'sip.region.update',
  'sip.source-ips.update',
  'sip.tcp',
  'sip.transaction.retransmit',
  'sip.transaction.trying',
];

/** Rules with a scenario in which a wrong password is refused with 401, and why it is one. */
export const WRONG_PASSWORDS: Readonly<Record<string, string>> = {
  'app.password-off': 'the old password is a wrong one',
  'app.reenable.fresh': 'the former password is a wrong one',
  'app.rotate.new-password': 'the old password is a wrong one',
  'app.rotate.old-dies-at-once': 'the old password is a wrong one',
  'sip.refusal.www-authenticate': 'one of its refusals is for a wrong password',
  'sip.tcp': 'over TCP too',
  'sip.layered.digest-fails': 'its wrong digest is the same wrong digest',
};
