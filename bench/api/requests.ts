import { HttpConnection } from './http_connection.ts';

/** The application that is read and changed: the API's base URL, the application's path and a token. */
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

/** Sends GET and PATCH in turn, each when it is due, whether or not earlier ones are answered. */
export async function steadyRequests(
  managed: Managed,
  { rate, seconds }: { readonly rate: number; readonly seconds: number },
  signal: AbortSignal,
): Promise<Latencies> {
  const { hostname, port, host } = new URL(managed.baseUrl);
  /** The connection idle the longest is used next, so that the server closes none for idling. */
  const idle: HttpConnection[] = [];
  const milliseconds: Latencies['milliseconds'] = { GET: [], PATCH: [] };
  let failed = 0;
  const pending: Promise<void>[] = [];
  const one = async (number: number): Promise<void> => {
    const method = number % 2 === 0 ? 'GET' : 'PATCH';
    const request = requestText(managed, host, method, number);
    const started = performance.now();
    try {
      const connection = idle.shift() ?? (await HttpConnection.open(hostname, Number(port)));
      if ((await connection.ask(request)) !== 200) failed += 1;
      idle.push(connection);
    } catch {
      failed += 1;
    }
    milliseconds[method].push(performance.now() - started);
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
  for (const connection of idle) connection.close();
  return { milliseconds, failed };
}

function requestText(
  { path, token }: Managed,
  host: string,
  method: 'GET' | 'PATCH',
  number: number,
): string {
  const body = method === 'PATCH' ? patchBody(number) : '';
  const type = method === 'PATCH' ? 'Content-Type: application/json\r\n' : '';
  return (
    `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\n` +
    `${type}Content-Length: ${body.length}\r\n\r\n${body}`
  );
}

/** Every PATCH changes something; every tenth makes a new password. */
function patchBody(number: number): string {
  const allowedSourceIps = [`203.0.113.${number % 256}/32`];
  return JSON.stringify(number % 20 === 1 ? { passwordAuthEnabled: true } : { allowedSourceIps });
}
