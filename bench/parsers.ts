import { createRequire } from 'node:module';

import { cpuMicros } from './cpu_time.ts';
import { inviteWithCredentials } from './invite.ts';
import { parsedForRouting } from './sip_core.ts';

const CALLS_A_ROUND = 10_000;
const ROUTING_FIELDS = ['via', 'from', 'to', 'call-id', 'cseq', 'max-forwards', 'contact'] as const;

const require = createRequire(import.meta.url);

/** A parser from npm. */
interface NpmParser {
  readonly name: string;
  readonly package: string;
  /** Loads the package of that name. The function it returns parses a text and reads the fields that an edge needs. */
  readonly reader: (name: string) => (text: string) => unknown;
}

/** kirm's `sip`: parses the header fields it knows at once, but not the URIs in them. */
interface KirmSip {
  parse(text: string): { readonly headers: Readonly<Record<string, unknown>>; readonly uri: string };
  parseUri(text: string): unknown;
}

/** drachtio-srf's message: parses a header field when it is asked for. */
type DrachtioMessage = new (text: string) => {
  readonly uri: string;
  getParsedHeader(name: string): unknown;
};
interface DrachtioParser {
  parseUri(text: string): unknown;
}

const NPM_PARSERS: readonly NpmParser[] = [
  {
    name: 'sip (kirm) 0.0.6',
    package: 'sip',
    reader: (name) => {
      const sip: KirmSip = require(name);
      return (text) => {
        const { headers, uri } = sip.parse(text);
        return [sip.parseUri(uri), ...ROUTING_FIELDS.map((field) => headers[field])];
      };
    },
  },
  {
    name: 'drachtio-srf 5.0.29',
    package: 'drachtio-srf',
    reader: (name) => {
      const Message: DrachtioMessage = require(`${name}/lib/sip-parser/message.js`);
      const parser: DrachtioParser = require(`${name}/lib/sip-parser/parser.js`);
      return (text) => {
        const message = new Message(text);
        const fields = ROUTING_FIELDS.map((field) => message.getParsedHeader(field));
        return [parser.parseUri(message.uri), ...fields];
      };
    },
  },
];

/** Which parsers are missing, and how to install them; undefined if none is. */
export function missingParsers(): string | undefined {
  const missing = NPM_PARSERS.filter((parser) => !isInstalled(parser.package));
  if (missing.length === 0) return undefined;
  const names = missing.map(({ name }) => name).join(', ');
  return (
    `not compared with ${names}: not installed. In a folder of its own: npm install sip@0.0.6 drachtio-srf@5.0.29, ` +
    'then NODE_PATH=FOLDER/node_modules npm run bench -- edge'
  );
}

/** µs of CPU time to parse an INVITE and read what an edge routes by: our parser and the installed ones from npm. */
export function measureParsers(): Record<string, number> {
  const invite = inviteWithCredentials({
    application: '15f99d57-f823-4718-80cc-5d95d5b83e59',
    realm: 'sip-uri.voice-api.example',
    ha1: 'd41d8cd98f00b204e9800998ecf8427e',
    nonce: 'MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAw',
  });
  const micros: Record<string, number> = {
    'parser: ours': cpuMicros(() => parsedForRouting(invite), CALLS_A_ROUND),
  };
  for (const parser of NPM_PARSERS.filter((one) => isInstalled(one.package))) {
    const read = parser.reader(parser.package);
    // Starts from the octets of a datagram, as ours does.
    micros[`parser: ${parser.name}`] = cpuMicros(() => read(invite.toString('latin1')), CALLS_A_ROUND);
  }
  return micros;
}

function isInstalled(name: string): boolean {
  try {
    require.resolve(name);
    return true;
  } catch {
    return false;
  }
}
