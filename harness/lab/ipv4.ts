/** The address as an unsigned 32-bit number; undefined where `text` is not four decimal octets. */
export function ipv4Number(text: string): number | undefined {
  const octets = text.split('.');
  if (octets.length !== 4 || !octets.every((octet) => /^\d{1,3}$/.test(octet) && Number(octet) < 256)) {
    return undefined;
  }
  return octets.reduce((number, octet) => number * 256 + Number(octet), 0);
}

/** Whether `address` lies inside `prefix` ("203.0.113.0/24"); false where either is not IPv4. */
export function insidePrefix(address: string, prefix: string): boolean {
  const [network = '', length = ''] = prefix.split('/');
  const [a, n] = [ipv4Number(address), ipv4Number(network)];
  if (a === undefined || n === undefined || !/^\d{1,2}$/.test(length) || Number(length) > 32) return false;
  const size = 2 ** (32 - Number(length));
  return Math.floor(a / size) === Math.floor(n / size);
}

/** The last address inside `prefix`. */
export function lastAddress(prefix: string): string {
  const [network = '', length = ''] = prefix.split('/');
  const last = (ipv4Number(network) ?? 0) + 2 ** (32 - Number(length)) - 1;
  return [24, 16, 8, 0].map((bits) => Math.floor(last / 2 ** bits) % 256).join('.');
}
