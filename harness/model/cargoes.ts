import { NOTHING, SMUGGLED, type Cargo } from './cargo.ts';

/** Header fields that must arrive as they came. */
export const KEPT_FIELDS: readonly Cargo[] = [
  {
    name: 'fields that nobody knows',
    fields: [
      ['Unknown-Field', 'of nobody'],
      ["Another.Unknown!%*_+`'~", 'value; with="punctuation", and <more>'],
      ['Xylophone', 'begins with an X only'],
    ],
  },
  {
    name: 'several fields of one name',
    fields: [
      ['Unknown-Field', 'the first'],
      ['Warning', '301 one.example "first"'],
      ['Unknown-Field', 'the second'],
      ['Warning', '301 two.example "second"'],
      ['Unknown-Field', 'the first'],
    ],
  },
  {
    name: 'lists with commas',
    fields: [
      ['Accept', 'application/sdp;level=1, application/x-private, text/html'],
      ['Call-Info', '<http://caller.example/a,b.jpg>;purpose=icon,<http://caller.example/c> ;purpose=info'],
      ['Allow', 'INVITE,ACK , BYE,  CANCEL'],
      ['Supported', 'a,b'],
    ],
  },
  {
    name: 'values that are empty',
    fields: [
      ['Supported', ''],
      ['Unknown-Field', ''],
      ['Accept-Language', ''],
      ['Organization', 'behind empty ones'],
    ],
  },
  {
    name: 'folded values',
    fields: [
      ['Unknown-Field', 'one\r\n two\r\n\tthree'],
      ['Call-Info', '<http://caller.example/photo.jpg>\r\n ;purpose=icon'],
      ['Organization', '\r\n on its second line'],
    ],
  },
  {
    name: 'folded values at the end',
    fields: [
      ['Unknown-Field', 'unfolded'],
      ['Unknown-Field', 'folded\r\n  X-Not: a field'],
    ],
    place: 'last',
  },
  {
    name: 'escapes in URIs',
    fields: [
      [
        'Reply-To',
        '<sip:a%20b%3Bc%40d:%70ass@caller.example;transport=UDP;x=%41?Subject=%22hi%22&Priority=urgent>',
      ],
      ['Alert-Info', '<http://caller.example/%2e%2E/%C3%BC?a=1&b=%26>;appearance=2'],
    ],
  },
  {
    name: 'UTF-8',
    fields: [
      ['Organization', utf8('Grüße, 世界 🌍, A\u0301')],
      ['Reply-To', utf8('"Jürgen ☎" <sip:juergen@caller.example>')],
      ['User-Agent', utf8('Téléphone/1.0 (été)')],
    ],
  },
  {
    name: 'octets that are no UTF-8',
    fields: [
      ['Organization', 'caf\xE9 \xFF\xFE\x80'],
      ['Unknown-Field', '\xC3'],
    ],
  },
  {
    name: 'quoted names with commas and escapes',
    fields: [
      ['Reply-To', '"Doe, \\"J\\\\D\\" <sip:not@this.example>; x" <sip:doe@caller.example>;y="a,b;c"'],
      ['Referred-By', '"A, B" <sip:ab@caller.example>;cid="1@caller.example"'],
    ],
  },
  {
    name: 'one-letter names',
    fields: [
      ['x', '1800;refresher=uac'],
      ['k', 'timer'],
      ['u', 'presence, message-summary'],
      ['a', '*;audio;require'],
      ['d', 'no-fork'],
      ['J', '*;actor="msg-taker"'],
    ],
  },
  {
    name: 'numbers and dates in their own spelling',
    fields: [
      ['Expires', '0007'],
      ['Date', 'Sat, 13 Nov 2010 23:29:00 GMT'],
      ['Timestamp', '54.10'],
      ['MIME-Version', '1.0'],
      ['Priority', 'NON-urgent'],
    ],
  },
];

/** Bodies that must arrive as they came. The stand-in of the voice platform reads texts: NUL ends them. */
export const KEPT_BODIES: readonly Cargo[] = [
  {
    name: 'a body of text',
    body: { type: 'text/plain', octets: 'v=0\r\na line with a bare LF\nand a bare CR\rand blanks  \t\r\n' },
  },
  {
    name: 'octets from 0x80 on in its body',
    body: { type: 'application/octet-stream', octets: octets(0x80, 0x100) + octets(1, 0x20) },
  },
  {
    name: 'empty lines and header lines in its body',
    body: {
      type: 'message/sipfrag',
      octets: '\r\n\r\nX-Fragment: kept\r\nMax-Forwards: 3\r\n\r\nVia: kept\r\n\r\n',
    },
  },
  {
    name: 'a body of parts',
    body: {
      type: `multipart/mixed;boundary="cut \\"here\\""`,
      octets: [
        '--cut "here"',
        'Content-Type: application/sdp',
        '',
        'v=0',
        '--cut "here"',
        'Content-Type: application/octet-stream',
        'Content-Transfer-Encoding: binary',
        '',
        '\x81\xFE\r\n\x01--cut',
        '--cut "here"--',
        '',
      ].join('\r\n'),
    },
  },
  {
    name: 'a body of some hundred octets',
    body: { type: 'text/plain', octets: octets(0x20, 0x7f).repeat(4) },
  },
];

/** What SIPp cannot read: not in what goes through the stand-in. */
export const BODIES_WITH_NUL: readonly Cargo[] = [
  {
    name: 'NUL in its body',
    body: { type: 'application/octet-stream', octets: 'a\0b\0\0' + octets(0, 0x100) },
  },
];

/** Fields of which nothing may arrive. */
export const VENDOR_FIELDS: readonly Cargo[] = [
  { name: 'X- fields', fields: [['X-Vendor', SMUGGLED]] },
  {
    name: 'X- fields in small letters',
    fields: [
      ['x-vendor', SMUGGLED],
      ['x-V', SMUGGLED],
    ],
  },
  {
    name: 'X- fields that go on with no letter',
    fields: [
      ['X-1', SMUGGLED],
      ['x-9Vendor', SMUGGLED],
      ['X--A', SMUGGLED],
      ['X-_a', SMUGGLED],
      ['X-.', SMUGGLED],
      ['X-%41', SMUGGLED],
    ],
  },
  {
    name: 'X- fields of one name',
    fields: [
      ['X-Vendor', SMUGGLED],
      ['Organization', 'kept'],
      ['X-Vendor', SMUGGLED],
      ['X-VENDOR', SMUGGLED],
    ],
  },
  {
    name: 'folded X- fields',
    fields: [
      ['X-Vendor', `${SMUGGLED}\r\n ${SMUGGLED}\r\n\t${SMUGGLED}`],
      ['X-Other', `\r\n ${SMUGGLED}`],
    ],
  },
  {
    name: 'an X- field behind a folded one',
    fields: [
      ['Organization', 'of\r\n two lines'],
      ['X-Vendor', SMUGGLED],
    ],
  },
  {
    name: 'X- fields directly after the start line',
    fields: [
      ['X-Vendor', SMUGGLED],
      ['x-other', SMUGGLED],
    ],
    place: 'first',
  },
  {
    name: 'X- fields as its last ones',
    fields: [
      ['X-Vendor', SMUGGLED],
      ['x-other', SMUGGLED],
    ],
    place: 'last',
  },
  {
    name: 'X- fields without a value, and one named X-',
    fields: [
      ['X-Vendor', ''],
      ['X-', SMUGGLED],
      ['X-Max-Forwards', SMUGGLED],
    ],
  },
];

export const CONSUMED_CREDENTIALS: readonly Cargo[] = [
  { name: 'credentials for the realm of the service', credentials: ['own'] },
  { name: 'credentials for the realm of the service, twice', credentials: ['own', 'own'] },
  { name: 'credentials for another realm and then for that of the service', credentials: ['foreign', 'own'] },
];

export const FOREIGN_CREDENTIALS: readonly Cargo[] = [
  { name: 'credentials for another realm', credentials: ['foreign', 'own'] },
  { name: 'credentials for another realm, twice', credentials: ['foreign', 'own', 'foreign'] },
];

export const HOPS: readonly Cargo[] = [
  { name: 'Max-Forwards 70', hops: 70 },
  { name: 'Max-Forwards 1', hops: 1 },
  { name: 'Max-Forwards 255', hops: 255 },
  { name: 'no Max-Forwards', hops: 'none' },
];

const LOWER = [
  'SIP/2.0/UDP proxy1.caller.example:5070;branch=z9hG4bKlower1;received=192.0.2.1',
  'SIP/2.0/TCP 192.0.2.2;branch=z9hG4bKlower2;ttl=5;unknown="a,b"',
] as const;

export const VIAS: readonly Cargo[] = [
  { name: 'one Via' },
  { name: 'several lines of Via', vias: [[LOWER[0]], [LOWER[1]]] },
  { name: 'several Via in a line below its own', vias: [LOWER] },
  { name: 'several Via in the line of its own', vias: [LOWER], isViaShared: true },
  {
    name: 'a Via in odd form below',
    vias: [['SIP / 2.0 / UDP  first.example : 4000 ;ttl=16 ;maddr=192.0.2.207 ;branch=z9hG4bKodd']],
  },
];

export const SOURCES: readonly Cargo[] = [
  { name: 'rport in its Via' },
  { name: 'rport in a Via that names a host', sentBy: 'host name' },
  { name: 'rport in a Via with others in its line', vias: [LOWER], isViaShared: true },
];

export const ROUTES: readonly Cargo[] = [
  { name: 'a Route of the service alone' },
  { name: 'several Route in one line', isRouteShared: true, routes: 'in one line' },
  { name: 'several Route in lines of their own', isRouteShared: true, routes: 'in lines of their own' },
];

export const STRICT_ROUTES: readonly Cargo[] = ROUTES.map((cargo) => ({
  ...cargo,
  name: `${cargo.name}, changed by a strict router`,
  isStrictlyRouted: true,
}));

export const UNSAID_LENGTH: readonly Cargo[] = [{ name: 'no Content-Length', isLengthUnsaid: true }];

export const RECORDED: readonly Cargo[] = [NOTHING, { name: 'Record-Route of others', isRouteShared: true }];

function octets(from: number, below: number): string {
  return Array.from({ length: below - from }, (_, index) => String.fromCodePoint(from + index)).join('');
}

/** What a message has besides its cargo, whatever it is judged by. */
export const COMPANIES: readonly Cargo[] = [
  { name: 'alone' },
  {
    name: 'beside folded fields',
    fields: [
      ['Unfolded', 'one\r\n two'],
      ['Date', 'Sat, 13 Nov 2010\r\n\t23:29:00 GMT'],
    ],
  },
  {
    name: 'beside fields of one name',
    fields: [
      ['Unlisted', 'one'],
      ['Unlisted', 'two'],
      ['Unlisted', ''],
    ],
  },
  { name: 'beside UTF-8', fields: [['Server', utf8('Größe ☎')]] },
  { name: 'beside a body', body: { type: 'text/plain', octets: 'beside\r\n\x80\r\n' } },
  { name: 'beside several Via', vias: [[LOWER[1]]] },
  { name: 'beside credentials for another realm', credentials: ['foreign'] },
];

/** UTF-8 as the octets it is made of. */
function utf8(text: string): string {
  return Buffer.from(text).toString('latin1');
}
