import type { ClientCredentials } from '../../harness/clients/oauth.ts';

interface Listener {
  readonly host: string;
  readonly port: number;
}

/** What a person needs to know of a running reference. */
export interface RunningReference {
  /** Base URL of the management API. */
  readonly api: string;
  readonly tokenUrl: string;
  readonly account: string;
  readonly client: ClientCredentials;
  /** An application that takes no calls yet. */
  readonly applicationId: string;
  readonly domain: string;
  readonly edge: Listener;
  /** Where SIPp answers the calls, and the scenario it does so with. */
  readonly platform: Listener & { readonly scenario: string };
  /** The SQLite file; undefined where nothing is kept. */
  readonly database: string | undefined;
  readonly logFile: string;
}

/** The text for a terminal: what runs where, commands to paste, and how to set up a SIP client. */
export function startGuide(running: RunningReference): string {
  const { api, tokenUrl, account, client, applicationId: id, domain, platform } = running;
  const edge = `${running.edge.host}:${running.edge.port}`;
  const applicationUrl = `${api}/v2/accounts/${account}/voice-applications/${id}`;
  const enabled = '{"inboundSipCallsEnabled":true,"passwordAuthEnabled":true}';
  const credentials = `--service ${id} --user ${id} --password-env SIP_PASSWORD --auth-uri ${id}@${domain}`;
  return `The reference runs. Ctrl-C stops it.

Management API
  API            ${api}
  documentation  ${api}/docs
  token URL      ${tokenUrl}
  account        ${account}
  client id      ${client.id}
  client secret  ${client.secret}
  application    ${id}
  store          ${running.database ?? 'in memory, gone at the end (--database FILE keeps it)'}
  log            ${running.logFile}

Paste these into a shell in this folder.

1. Get a token:

  TOKEN=$(curl -sS -u '${client.id}:${client.secret}' -d grant_type=client_credentials ${tokenUrl} | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')

2. Let the application take calls, with password authentication. The answer shows the password, this once:

  ANSWER=$(curl -sS -X PATCH -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '${enabled}' ${applicationUrl})
  printf '%s\\n' "$ANSWER"
  SIP_PASSWORD=$(printf '%s' "$ANSWER" | sed 's/.*"sipAuthPassword":"\\([^"]*\\)".*/\\1/')

3. Place a test call:

  SIP_PASSWORD=$SIP_PASSWORD npm run scenario -- invite-digest --target ${edge} ${credentials} --key domain=${domain}

Or call with a SIP client:

  call           sip:${id}@${domain}
  user name      ${id}, the one for authentication too
  realm          ${domain}
  password       sipAuthPassword in the answer of step 2
  proxy          ${edge}, as outbound proxy: the domain is in no DNS
  transport      UDP
  registration   off, a call needs none

Calls are answered by SIPp at ${platform.host}:${platform.port}, which stands for the voice platform: it rings and
answers, and sends no audio. ${platform.scenario} tells what else it does.
`;
}
