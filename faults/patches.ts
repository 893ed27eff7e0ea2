import { applyPatch } from '../impl/api/application_patch.ts';
import type { FieldError } from '../impl/api/field_error.ts';
import { SOURCE_CHECKS, sourcePrefixes } from '../impl/api/source_prefix.ts';
import { parseIpv4Prefix, prefixesOverlap, type Ipv4Prefix } from '../impl/net/ipv4_prefix.ts';
import type { InboundSettings } from '../impl/store/model/inbound_settings.ts';
import type { InboundSip, VoiceApplication } from '../impl/store/model/voice_application.ts';
import type { Parts } from '../impl/system.ts';
import { patchedOtherwise, storeWith, type PatchCase } from './fault.ts';

/** The inbound settings after an accepted PATCH, with the members that `change` returns replaced. */
export function inboundOtherwise(
  change: (
    inbound: InboundSip,
    asked: PatchCase,
    oneTimePassword: string | undefined,
  ) => Partial<InboundSip> | undefined,
): Partial<Parts> {
  return patchedOtherwise((outcome, asked) => {
    if (!outcome.next?.inbound) return outcome;
    const { inbound } = outcome.next;
    const other = change(inbound, asked, outcome.oneTimePassword);
    return { ...outcome, next: { ...outcome.next, inbound: { ...inbound, ...other } } };
  });
}

/** A PATCH that should be accepted is refused where `change` returns an error. */
export function refusedToo(
  change: (asked: PatchCase, next: VoiceApplication) => FieldError | undefined,
): Partial<Parts> {
  return patchedOtherwise((outcome, asked) => {
    const error = outcome.next === undefined ? undefined : change(asked, outcome.next);
    return error === undefined ? outcome : { errors: [error] };
  });
}

/** A PATCH is read as if the client had sent what `change` returns. */
export function patchReadAs(change: (asked: PatchCase) => PatchCase['patch']): Partial<Parts> {
  return {
    applyPatch: (current, patch, context) =>
      applyPatch(current, change({ current, patch, context }), context),
  };
}

/** A PATCH is refused as it should be, but what `stored` returns is stored; nothing if undefined. */
export function storedThoughRefused(
  stored: (asked: PatchCase) => VoiceApplication | undefined,
): Partial<Parts> {
  const left = new WeakMap<object, VoiceApplication>();
  return {
    ...patchedOtherwise((outcome, asked) => {
      const next = outcome.next === undefined ? stored(asked) : undefined;
      if (next !== undefined) left.set(outcome, next);
      return outcome;
    }),
    ...storeWith(({ applications }) => ({
      applications: {
        ...applications,
        async update(accountId, applicationId, change, by) {
          const outcome = await applications.update(accountId, applicationId, change, by);
          const next = outcome === undefined ? undefined : left.get(outcome);
          if (next !== undefined) await applications.update(accountId, applicationId, () => ({ next }), by);
          return outcome;
        },
      },
    })),
  };
}

/**
 * The API that accepts each entry of allowedSourceIps as the prefix that `read` returns, unchecked. If `read` returns
 * undefined, the entry is read as usual. The number of entries and duplicates are still checked.
 */
export function sourcesRead(read: (text: string) => Ipv4Prefix | undefined): Partial<Parts> {
  return {
    applyPatch(current, patch, context) {
      const texts = patch.allowedSourceIps ?? [];
      const taken = texts.map(read);
      if (taken.every((prefix) => prefix === undefined)) return applyPatch(current, patch, context);
      // Public stand-ins that no feature sends.
      const allowedSourceIps = texts.map((text, index) =>
        taken[index] === undefined ? text : `192.175.48.${index}/32`,
      );
      const outcome = applyPatch(current, { ...patch, allowedSourceIps }, context);
      if (!outcome.next?.inbound) return outcome;
      const { inbound } = outcome.next;
      const allowedSources = inbound.allowedSources.map((prefix, index) => taken[index] ?? prefix);
      return { ...outcome, next: { ...outcome.next, inbound: { ...inbound, allowedSources } } };
    },
  };
}

/** The list of sources as the reference reads it; undefined if it refuses it. */
export function goodSources(texts: readonly string[]): readonly Ipv4Prefix[] | undefined {
  return SOURCE_CHECKS.some(({ errors }) => errors(texts).length > 0) ? undefined : sourcePrefixes(texts);
}

/** For `sourcesRead`: reads well-formed prefixes, public or not, that `accepted` lets through. */
export function acceptedAsWritten(
  accepted: (prefix: Ipv4Prefix, text: string) => boolean,
): (text: string) => Ipv4Prefix | undefined {
  return (text) => {
    const prefix = parseIpv4Prefix(text);
    return 'network' in prefix && accepted(prefix, text) ? prefix : undefined;
  };
}

/** For `acceptedAsWritten`: prefixes inside this range. Throws if `range` is no prefix. */
export function inside(range: string): (prefix: Ipv4Prefix) => boolean {
  const outer = parseIpv4Prefix(range);
  if ('reason' in outer) throw new Error(`${range} ${outer.reason}`);
  return (prefix) => prefixContains(outer, prefix);
}

/** The edge whose look-ups find what `change` returns. */
export function foundOtherwise(
  change: (settings: InboundSettings | undefined, user: string) => InboundSettings | undefined,
): Partial<Parts> {
  return storeWith(({ inbound }) => ({ inbound: { find: (user) => change(inbound.find(user), user) } }));
}

/** Whether `outer` contains every address of `inner`. */
export function prefixContains(outer: Ipv4Prefix, inner: Ipv4Prefix): boolean {
  return (outer.mask & inner.mask) >>> 0 === outer.mask && prefixesOverlap(outer, inner);
}
