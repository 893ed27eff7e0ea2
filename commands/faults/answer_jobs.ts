import { createInterface } from 'node:readline';

/**
 * The work of a program inside a lab: each line of standard input is a job, each line of standard output its report, both
 * as JSON. The end of the input ends the process and with it the lab, once `end` is done.
 */
export async function answerJobs(
  answer: (job: unknown) => Promise<unknown>,
  end: () => Promise<void> = async () => undefined,
): Promise<never> {
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  let last = Promise.resolve();
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => {
    last = last.then(
      async () => void process.stdout.write(`${JSON.stringify(await answer(JSON.parse(line)))}\n`),
    );
  });
  lines.on('close', resolve);
  await ended;
  await end();
  process.exit();
}
