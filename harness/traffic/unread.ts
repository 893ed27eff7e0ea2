import type { WireMessage } from '../capture/sip_messages.ts';

/** The headers that SIPp reads, or copies into its next request. */
const READ =
  /^(via|v|from|f|to|t|call-id|i|cseq|contact|m|record-route|proxy-authenticate|content-length|l)$/i;
const NUL = '\0';
const LEGAL = ', which is legal (RFC 3261 section 7.3.1), and SIPp does not know it';

/**
 * Why SIPp 3.6 cannot read this response, or cannot write the next request from it; undefined where it can. If it
 * cannot, the call proves nothing about the service, whether the response is legal or broken.
 */
export function unreadable(response: WireMessage): string | undefined {
  if (response.text.includes(NUL))
    return 'it holds a NUL octet, where SIPp stops reading (RFC 3261 has none there)';
  for (const [name, , raw] of response.headers) {
    if (!READ.test(name)) continue;
    if (/^[^:\s]+[ \t]+:/.test(raw)) return `a blank stands before the colon of its ${name}${LEGAL}`;
    if (/^(call-id|i)$/i.test(name) && /[ \t]$/.test(raw)) return `blanks end its ${name}${LEGAL}`;
    if (/\r?\n[ \t]/.test(raw)) return `its ${name} goes on in another line${LEGAL}`;
  }
  const [via = ''] = response.all('Via');
  if (/;\s*branch\s*=/i.test(via) && !/;branch=/.test(via)) {
    return `its topmost Via has blanks or capitals around ";branch="${LEGAL}`;
  }
  const isDialog = response.cseq?.method === 'INVITE' && /^2\d\d$/.test(String(response.status));
  return isDialog && response.header('Contact') === undefined
    ? 'it has no Contact to send the ACK to, as RFC 3261 section 12.1.1 demands'
    : undefined;
}
