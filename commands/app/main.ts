// Voice applications of any target, for a person at a terminal or a script: show, enable, rotate, disable and the rest.
import { inspect } from 'node:util';
import { z } from 'zod';
import { HttpJournal, type HttpAnswer } from '../../harness/clients/http.ts';
import { ManagementClient } from '../../harness/clients/management.ts';
import { TokenSource } from '../../harness/clients/oauth.ts';
import { HarnessError } from '../../harness/verdict.ts';
import { HELP, readAppOptions, type AppCommand, type AppOptions } from './options.ts';
import { applicationsText, applicationText, refusalText } from './text.ts';

/** A list may be longer than anybody reads; whoever needs more than this has a program of his own. */
const MOST_PAGES = 100;

const one = z.object({ data: z.record(z.string(), z.unknown()) });
const many = z.object({
  data: z.array(z.record(z.string(), z.unknown())),
  links: z.array(z.object({ rel: z.string(), href: z.string() })).default([]),
});

function call(api: ManagementClient, command: AppCommand): Promise<HttpAnswer> {
  switch (command.name) {
    case 'create':
      return api.create(command.settings);
    case 'show':
      return api.get(command.applicationId);
    case 'change':
      return api.patch(command.applicationId, command.changes);
    default:
      return api.delete(command.applicationId);
  }
}

/** Every application of the account; the answer that was none where one is refused. */
async function listed(api: ManagementClient): Promise<Record<string, unknown>[] | HttpAnswer> {
  const applications: Record<string, unknown>[] = [];
  let query = '';
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await api.list(query);
    if (answer.status !== 200) return answer;
    const { data, links } = many.parse(answer.json);
    applications.push(...data);
    const next = links.find(({ rel }) => rel === 'next')?.href;
    if (next === undefined) return applications;
    query = new URL(next, 'http://next.example').search;
  }
  throw new HarnessError(`the account has more than ${MOST_PAGES} pages of applications`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function complain(sentence: string): void {
  process.stderr.write(`app: ${sentence}\n`);
}

function refused(answer: HttpAnswer): number {
  for (const line of refusalText(answer)) complain(line);
  return 1;
}

async function run({ api: at, command, asJson }: AppOptions): Promise<number> {
  const tokens = new TokenSource(at.tokenUrl, at.client);
  const api = new ManagementClient(new HttpJournal(), tokens, at.baseUrl, at.account);
  if (command.name === 'list') {
    const found = await listed(api);
    if (!Array.isArray(found)) return refused(found);
    print(asJson ? JSON.stringify(found, null, 2) : applicationsText(found));
    return 0;
  }
  const answer = await call(api, command);
  if (answer.status < 200 || answer.status > 299) return refused(answer);
  if (command.name === 'delete') {
    print(asJson ? JSON.stringify({ deleted: command.applicationId }) : `deleted ${command.applicationId}`);
    return 0;
  }
  const { data } = one.parse(answer.json);
  print(asJson ? JSON.stringify(data, null, 2) : applicationText(data));
  return 0;
}

async function main(argv: readonly string[]): Promise<number> {
  const options = readAppOptions(argv, process.env);
  if (options !== 'help') return run(options);
  process.stdout.write(HELP);
  return 0;
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  if (error instanceof z.ZodError) complain('the API answered with success, and not with what it documents');
  else complain(error instanceof HarnessError ? error.message : inspect(error));
  return 2;
});
