// Voice applications of any target, for a person at a terminal or a script: show, enable, rotate, disable and the rest.
import { z } from 'zod';

import { HttpJournal, type HttpAnswer } from '../../harness/clients/http.ts';
import { ManagementClient } from '../../harness/clients/management.ts';
import { TokenSource } from '../../harness/clients/oauth.ts';
import { EXIT } from '../../harness/exit_code.ts';
import { HarnessError } from '../../harness/verdict.ts';
import { runCommand, type Running } from '../command.ts';
import { HELP, readAppOptions, type AppCommand, type AppOptions } from './options.ts';
import { applicationsText, applicationText, refusalText } from './text.ts';

/** More than anybody reads at a terminal. */
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

/** Every application of the account, or the first answer that is not 200. */
async function listed(api: ManagementClient): Promise<Record<string, unknown>[] | HttpAnswer> {
  const applications: Record<string, unknown>[] = [];
  let query = '';
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await api.list(query);
    if (answer.status !== 200) return answer;
    const { data, links } = documented(many, answer);
    applications.push(...data);
    const next = links.find(({ rel }) => rel === 'next')?.href;
    if (next === undefined) return applications;
    query = new URL(next, 'http://next.example').search;
  }
  throw new HarnessError(`the account has more than ${MOST_PAGES} pages of applications`);
}

function documented<T>(schema: z.ZodType<T>, answer: HttpAnswer): T {
  const read = schema.safeParse(answer.json);
  if (read.success) return read.data;
  throw new HarnessError('the API answered with success, but not with the body it documents');
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function run({ api: at, command, asJson }: AppOptions, { say }: Running): Promise<number> {
  const tokens = new TokenSource(at.tokenUrl, at.client);
  const api = new ManagementClient(new HttpJournal(), tokens, at.baseUrl, at.account);
  const refused = (answer: HttpAnswer): number => {
    for (const line of refusalText(answer)) say(line);
    return EXIT.notSo;
  };
  if (command.name === 'list') {
    const found = await listed(api);
    if (!Array.isArray(found)) return refused(found);
    print(asJson ? JSON.stringify(found, null, 2) : applicationsText(found));
    return EXIT.fine;
  }
  const answer = await call(api, command);
  if (answer.status < 200 || answer.status > 299) return refused(answer);
  if (command.name === 'delete') {
    print(asJson ? JSON.stringify({ deleted: command.applicationId }) : `deleted ${command.applicationId}`);
    return EXIT.fine;
  }
  const { data } = documented(one, answer);
  print(asJson ? JSON.stringify(data, null, 2) : applicationText(data));
  return EXIT.fine;
}

await runCommand({
  name: 'app',
  help: HELP,
  exits: { fine: 'done', notSo: 'the target refused it' },
  readOptions: (argv) => readAppOptions(argv, process.env),
  run,
});
