import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';

/**
 * Whether a host is one of those that are called although they are not public (the setting api.callbackHosts): host
 * names, addresses and prefixes. The host is in its one notation.
 */
export function allowedHosts(allowed: readonly string[]): (host: string) => boolean {
  const addresses = new BlockList();
  const names = new Set<string>();
  for (const entry of allowed) {
    const [network = '', length] = entry.split('/');
    if (isIP(network) === 0) {
      names.add(entry.toLowerCase());
      continue;
    }
    const bits = isIPv4(network) ? 32 : 128;
    addresses.addSubnet(network, Number(length ?? bits), bits === 32 ? 'ipv4' : 'ipv6');
  }
  return (host) =>
    names.has(host) || (isIP(host) !== 0 && addresses.check(host, isIPv6(host) ? 'ipv6' : 'ipv4'));
}
