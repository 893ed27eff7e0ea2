import { Agent, request } from 'node:http';

/** An application that is read and changed, and what is needed for it. */
export interface Managed {
  readonly baseUrl: string;
  readonly path: string;
  readonly token: string;
}

/** How long requests took, in milliseconds, and how many did not get 200. */
export interface Latencies {
  readonly milliseconds: Record<'GET' | 'PATCH', number[]>;
  readonly failed: number;
}

/** Every PATCH changes something, and every tenth makes a new password. */
function patchBody(number: number): string {
  const allowedSourceIps = [`203.0.113.${number % 256}/32`];
  return JSON.stringify(number % 10 === 0 ? { passwordAuthEnabled: true } : { allowedSourceIps });
}

/** Sends GET and PATCH in turn, each when it is due whatever became of those before it. */
export async function steadyRequests(
  managed: Managed,
  { rate, seconds }: { readonly rate: number; readonly seconds: number },
  signal: AbortSignal,
): Promise<Latencies> {
  const agent = new Agent({ keepAlive: true });
  const milliseconds: Latencies['milliseconds'] = { GET: [], PATCH: [] };
  let failed = 0;
  const pending: Promise<void>[] = [];
  const one = async (number: number): Promise<void> => {
    const method = number % 2 === 0 ? 'GET' : 'PATCH';
    const started = performance.now();
    const status = await answered(managed, agent, method, patchBody(number)).catch(() => 0);
    milliseconds[method].push(performance.now() - started);
    if (status !== 200) failed += 1;
  };
  const total = rate * seconds;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const began = performance.now();
  const turns = setInterval(() => {
    if (signal.aborted) reject(signal.reason);
    const due = Math.min(total, Math.floor(((performance.now() - began) / 1000) * rate));
    while (pending.length < due) pending.push(one(pending.length));
    if (pending.length === total) resolve();
  }, 1);
  try {
    await promise;
  } finally {
    clearInterval(turns);
  }
  await Promise.all(pending);
  agent.destroy();
  return { milliseconds, failed };
}

/** The status of the answer, once all of it is there. */
function answered(
  { baseUrl, path, token }: Managed,
  agent: Agent,
  method: 'GET' | 'PATCH',
  body: string,
): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const sent = request(`${baseUrl}${path}`, { method, agent, headers }, (response) => {
    response.on('error', reject);
    response.on('end', () => resolve(response.statusCode ?? 0));
    response.resume();
  });
  sent.on('error', reject);
  sent.end(method === 'PATCH' ? body : undefined);
  return promise;
}
