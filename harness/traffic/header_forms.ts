import type { RawLines } from './raw_request.ts';

/** How a header line is written, given its name and value. */
type Writing = (name: string, value: string) => string;

/** Compact names (RFC 3261 section 7.3.3). */
const COMPACT: Readonly<Record<string, string>> = {
  Via: 'v',
  From: 'f',
  To: 't',
  'Call-ID': 'i',
  Contact: 'm',
};

function line(text: string, write: Writing): string {
  const [, name = '', value = ''] = /^([^:]+): ([^]*)$/.exec(text) ?? [];
  return write(name, value);
}

/** The request with every header line written so, but for Subject, which only the called side reads. */
function every(write: Writing): HeaderForm {
  return (lines) => {
    const { via, from, to, callId, cseq, others } = lines;
    const [newVia, newFrom, newTo, newCallId, newCseq] = [via, from, to, callId, cseq].map((one) =>
      line(one, write),
    );
    return {
      ...lines,
      via: newVia!,
      from: newFrom!,
      to: newTo!,
      callId: newCallId!,
      cseq: newCseq!,
      others: others.map((one) => (one.startsWith('Subject:') ? one : line(one, write))),
    };
  };
}

function inCredentials(change: (value: string) => string): HeaderForm {
  return (lines) => ({
    ...lines,
    others: lines.others.map((one) => (one.startsWith('Proxy-Authorization: ') ? change(one) : one)),
  });
}

function oddCase(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/(.)(.)/g, (_all, one: string, other: string) => one + other.toUpperCase());
}

const LOWER_VIA = 'SIP/2.0/UDP elsewhere.example;branch=z9hG4bKbelow';

/** As octets, a character each. */
const UTF_8 = Buffer.from('Größe ☎').toString('latin1');

/** A way to write a request that changes nothing about what it says (RFC 3261 sections 7.3, 19.1, 20, 25.1). */
export type HeaderForm = (lines: RawLines) => RawLines;

/** The forms by their names in features. */
export const HEADER_FORMS: Readonly<Record<string, HeaderForm>> = {
  'compact names': every((name, value) => `${COMPACT[name] ?? name}: ${value}`),
  'names in lower case': every((name, value) => `${name.toLowerCase()}: ${value}`),
  'names in upper case': every((name, value) => `${name.toUpperCase()}: ${value}`),
  'names in odd case': every((name, value) => `${oddCase(name)}: ${value}`),
  'blanks before the colon': every((name, value) => `${name} : ${value}`),
  'a tab before the colon': every((name, value) => `${name}\t: ${value}`),
  'nothing behind the colon': every((name, value) => `${name}:${value}`),
  'blanks behind the colon': every((name, value) => `${name}:  \t ${value}`),
  'values on the next line': every((name, value) => `${name}:\r\n ${value}`),
  'blanks at the end': every((name, value) => `${name}: ${value} \t`),
  'blanks within Via': (lines) => ({
    ...lines,
    via: lines.via
      .replace('SIP/2.0/UDP', 'SIP / 2.0 / UDP')
      .replaceAll(';', ' ; ')
      .replace('branch=', 'branch = '),
  }),
  'Via parameters in odd case': (lines) => ({
    ...lines,
    via: lines.via.replace(';branch', ';bRaNcH').replace(';rport', ';RPort'),
  }),
  'a second Via in the same line': (lines) => ({ ...lines, via: `${lines.via}, ${LOWER_VIA}` }),
  'a second Via in a line of its own': (lines) => ({ ...lines, via: `${lines.via}\r\nVia: ${LOWER_VIA}` }),
  'display names': (lines) => ({
    ...lines,
    from: lines.from.replace('<', 'A caller <'),
    to: lines.to.replace('<', '"Voice, <sip:nobody@nowhere.example>;tag=a" <'),
  }),
  'UTF-8 in display names': (lines) => ({
    ...lines,
    from: lines.from.replace('<', `"${UTF_8}" <`),
    to: lines.to.replace('<', `"${UTF_8}" <`),
  }),
  'To without brackets': (lines) => ({ ...lines, to: lines.to.replace(/<([^>]*)>/, '$1') }),
  'the scheme of To in upper case': (lines) => ({ ...lines, to: lines.to.replace('sip:', 'SIP:') }),
  'the domain of To in upper case': (lines) => ({
    ...lines,
    to: lines.to.replace(/@[^>]*/, (domain) => domain.toUpperCase()),
  }),
  'parameters behind To': (lines) => ({ ...lines, to: `${lines.to};unknown=";tag=a";other` }),
  'credentials in odd case': inCredentials((value) =>
    value
      .replace('Digest', 'dIGEST')
      .replaceAll(/(?<=[ ,])(\w+)=/g, (_all, name: string) => `${oddCase(name)}=`),
  ),
  'blanks within the credentials': inCredentials((value) =>
    value.replaceAll(/(?<=[ ,]\w+)=/g, ' = ').replaceAll(', ', ' ,  '),
  ),
  'credentials without blanks': inCredentials((value) => value.replaceAll(', ', ',')),
  'credentials on several lines': inCredentials((value) => value.replaceAll(', ', ',\r\n ')),
  'credentials in the opposite order': inCredentials((value) => {
    const [scheme = '', parameters = ''] = /^(.*?Digest )(.*)$/.exec(value)?.slice(1) ?? [];
    return scheme + parameters.split(', ').toReversed().join(', ');
  }),
  'credentials that name no algorithm': inCredentials((value) => value.replace(', algorithm=MD5', '')),
  'the algorithm in small letters': inCredentials((value) => value.replace('=MD5', '=md5')),
  'unknown parameters in the credentials': inCredentials(
    (value) => `${value.replace('Digest ', 'Digest unknown=token, ')}, another="a, b=\\"c\\""`,
  ),
  'other credentials before them': inCredentials(
    (value) =>
      `Proxy-Authorization: Digest username="a", realm="elsewhere.example", nonce="a", uri="sip:a", response="a"\r\n${value}`,
  ),
};
