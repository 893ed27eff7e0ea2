import { z } from 'zod';

import { LAB_PREFIXES } from '../lab/addresses.ts';
import { isLabAddress } from '../lab/guard.ts';
import { insidePrefix, ipv4Number } from '../lab/ipv4.ts';
import { RULE_CAPABILITIES } from '../rules.ts';

/**
 * The capabilities that a descriptor says the target has or lacks. Vantage points and another account's client are
 * not among them: a place lists its vantage points, and `otherAccount` names the client.
 */
const CLAIMS = RULE_CAPABILITIES.filter((name) => name !== 'vantage-points' && name !== 'other-account');

/** Text for a reader; white space alone is refused. */
const sentence = z.string().regex(/\S/, 'say it in words');
const port = z.int().min(1).max(65_535);
const endpoint = z.strictObject({ host: z.string().min(1), port });
const environmentName = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]*$/, 'name an environment variable: capitals, digits, _');

const account = (meaning: string) =>
  z.strictObject({
    id: z.string().min(1).describe(meaning),
    clientId: z.strictObject({ environment: environmentName }),
    clientSecret: z.strictObject({ environment: environmentName }),
    generated: z
      .boolean()
      .default(false)
      .describe(
        'make both up for this run where the variables are unset, and hand them to the started target',
      ),
  });

const start = z.strictObject({
  command: z.array(z.string().min(1)).min(1).describe('run from the repository root, without a shell'),
  environment: z.record(environmentName, z.string()).default({}),
  startAnewSignal: z
    .enum(['SIGHUP', 'SIGUSR1', 'SIGUSR2'])
    .optional()
    .describe(
      'what the process is sent so that its SIP side starts anew, with whatever it keeps over a restart',
    ),
});

const vantagePoint = z.strictObject({
  name: z.string().min(1).describe('the name features use: US, EU or elsewhere'),
  address: z.ipv4(),
  region: z
    .string()
    .nullable()
    .describe('the region the target files this address under; null: none it knows'),
});

const httpUrl = z.url({ protocol: /^https?$/, error: 'expected a URL that begins with http:// or https://' });

const place = z.strictObject({
  start: start.optional().describe('absent: the target runs already'),
  api: z.strictObject({
    baseUrl: httpUrl.describe('what the paths of the management API, /v2/accounts/…, are appended to'),
    tokenUrl: httpUrl.describe('the OAuth 2.0 token endpoint'),
  }),
  readyUrl: httpUrl
    .optional()
    .describe(
      'answers with success when the target is ready; SIP readiness is probed by OPTIONS and MESSAGE',
    ),
  sip: endpoint.describe('where the suite sends SIP to: {host, port}'),
  platform: endpoint
    .optional()
    .describe('where the target delivers calls to; needs the capability downstream-sip'),
  vantagePoints: z.array(vantagePoint).default([]),
});

const LAB_PLAN = LAB_PREFIXES.map(({ prefix, who }) => `${prefix} (${who})`).join(', ');

/** The lab holds its own addresses and loopback; nothing else can be bound or reached in it. */
const labPlace = place.superRefine(({ sip, platform, api, readyUrl, vantagePoints }, context) => {
  const hosts: readonly (readonly [path: readonly PropertyKey[], host: string | undefined])[] = [
    [['sip', 'host'], sip.host],
    [['platform', 'host'], platform?.host],
    [['api', 'baseUrl'], URL.parse(api.baseUrl)?.hostname],
    [['api', 'tokenUrl'], URL.parse(api.tokenUrl)?.hostname],
    [['readyUrl'], readyUrl && URL.parse(readyUrl)?.hostname],
    ...vantagePoints.map(({ address }, index) => [['vantagePoints', index, 'address'], address] as const),
  ];
  for (const [path, host] of hosts) {
    // The schema has already refused what is no URL or no address.
    if (host === undefined || (path[0] === 'vantagePoints' && ipv4Number(host) === undefined)) continue;
    if (isLabAddress(host) || insidePrefix(host, '127.0.0.0/8')) continue;
    context.addIssue({
      code: 'custom',
      path: [...path],
      message: `${host} is not in the lab, which has ${LAB_PLAN}`,
      input: host,
    });
  }
});

/** A duration the run depends on. `rule` names the rule whose verdict depends on it; absent: no verdict does. */
const timeout = z.strictObject({ ms: z.int().min(1), rule: z.string().optional() });

/** A rule, or one scenario of it, that the target is known to break, and why. */
export const knownFailure = z.strictObject({
  rule: z.string().min(1).describe('the id of a rule in features/rules.yaml'),
  scenario: z
    .string()
    .min(1)
    .exactOptional()
    .describe('the name of one of its scenarios, as in the report; absent: whichever of them fails'),
  reason: sentence.describe('why it fails, for the report'),
});
export type KnownFailure = z.infer<typeof knownFailure>;

const CLAIM = 'expected true, or {absent: why the target does not have it}';
const claim = z.union([z.literal(true), z.strictObject({ absent: sentence })], { error: CLAIM });

/** The description of an implementation: how to reach, start and judge it. One YAML file per target. */
export const targetDescriptor = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'lower-case letters, digits and hyphens'),
  summary: z.string().min(1),
  account: account('the account whose applications the suite creates'),
  otherAccount: account('an account whose client is given no access to the first one')
    .optional()
    .describe('a second account, whose own client must have no access to the first account'),
  realm: z.string().min(1).describe('digest realm and host part of the SIP URIs'),
  regions: z.array(z.string().min(1)).min(1).describe('every region the target knows'),
  userForms: z
    .array(z.enum(['applicationId', 'uriUser']))
    .min(1)
    .describe('which user parts name an application (amb.sip-uri-user); the first is what the suite dials'),
  capabilities: z.record(z.enum(CLAIMS), claim),
  timeouts: z.strictObject({
    ready: timeout.describe('from start until ready'),
    answer: timeout.describe('how long a SIP request may wait for an answer'),
    nonceLifetime: timeout.describe('after this long a nonce is stale'),
    tokenLifetime: timeout.describe('after this long an access token is expired'),
  }),
  knownFailures: z
    .array(knownFailure)
    .default([])
    .describe('what the target is known to break: such a failure does not fail the run, but a pass does'),
  places: z
    .strictObject({
      lab: labPlace.optional(),
      loopback: place.optional(),
      remote: place.optional(),
    })
    .refine((places) => Object.values(places).some(Boolean), 'name one of lab, loopback and remote at least')
    .describe('where the target can be reached, and how it is started there'),
});

export type TargetDescriptor = z.infer<typeof targetDescriptor>;
export type Account = TargetDescriptor['account'];
export type Place = z.infer<typeof place>;
export type PlaceName = keyof TargetDescriptor['places'];
export type VantagePoint = z.infer<typeof vantagePoint>;

/** Why the target lacks this capability, in the descriptor's words if it has any; undefined where it is claimed. */
export function unclaimed(
  { capabilities }: TargetDescriptor,
  name: keyof TargetDescriptor['capabilities'],
): string | undefined {
  const said = capabilities[name];
  return said === true ? undefined : (said?.absent ?? `the target does not say it has ${name}`);
}
