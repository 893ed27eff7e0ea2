import { z } from 'zod';
import { RULE_CAPABILITIES } from '../rules.ts';

/** What a target says it has or has not. Vantage points are no claim of the target: its places list them. */
const CLAIMS = RULE_CAPABILITIES.filter((name) => name !== 'vantage-points');

const port = z.int().min(1).max(65_535);
const endpoint = z.strictObject({ host: z.string().min(1), port });
const environmentName = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]*$/, 'name an environment variable: capitals, digits, _');

const account = z.strictObject({
  id: z.string().min(1).describe('the account whose applications the suite creates'),
  clientId: z.strictObject({ environment: environmentName }),
  clientSecret: z.strictObject({ environment: environmentName }),
  generated: z
    .boolean()
    .default(false)
    .describe('make both up for this run where the variables are unset, and hand them to the started target'),
});

const start = z.strictObject({
  command: z.array(z.string().min(1)).min(1).describe('run from the repository root, without a shell'),
  environment: z.record(environmentName, z.string()).default({}),
});

const vantagePoint = z.strictObject({
  name: z.string().min(1).describe('the name features use: "US", "EU", "unknown"'),
  address: z.ipv4(),
  region: z
    .string()
    .nullable()
    .describe('the region the target files this address under; null: none it knows'),
});

const place = z.strictObject({
  start: start.optional().describe('absent: the target runs already'),
  api: z.strictObject({ baseUrl: z.url(), tokenUrl: z.url() }),
  readyUrl: z
    .url()
    .optional()
    .describe('answers 200 when the target is ready; SIP readiness is probed by OPTIONS'),
  sip: endpoint,
  platform: endpoint
    .optional()
    .describe('where the target delivers calls to; needs the capability downstream-sip'),
  vantagePoints: z.array(vantagePoint).default([]),
});

/** A duration the run depends on. `rule` names the rule whose verdict depends on it; without it none does. */
const timeout = z.strictObject({ ms: z.int().min(1), rule: z.string().optional() });

const absence = z.strictObject({ absent: z.string().min(1).describe('why the target does not have it') });

/** The description of an implementation: how to reach, start and judge it. One YAML file a target. */
export const targetDescriptor = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'lower-case letters, digits and hyphens'),
  summary: z.string().min(1),
  account,
  realm: z.string().min(1).describe('digest realm and host part of the SIP URIs'),
  regions: z.array(z.string().min(1)).min(1).describe('every region the target knows'),
  userForms: z
    .array(z.enum(['applicationId', 'uriUser']))
    .min(1)
    .describe('which user parts name an application (amb.sip-uri-user); the first is what the suite dials'),
  capabilities: z.record(z.enum(CLAIMS), z.union([z.literal(true), absence])),
  timeouts: z.strictObject({
    ready: timeout.describe('from start until ready'),
    answer: timeout.describe('how long a SIP request may wait for an answer'),
    nonceLifetime: timeout.describe('after this long a nonce is stale'),
    tokenLifetime: timeout.describe('after this long an access token is expired'),
  }),
  places: z
    .strictObject({
      lab: place.optional(),
      loopback: place.optional(),
      remote: place.optional(),
    })
    .refine((places) => Object.values(places).some(Boolean), 'say where the target can be reached'),
});

export type TargetDescriptor = z.infer<typeof targetDescriptor>;
export type Place = z.infer<typeof place>;
export type PlaceName = keyof TargetDescriptor['places'];
export type VantagePoint = z.infer<typeof vantagePoint>;
