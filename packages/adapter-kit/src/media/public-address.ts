import ipaddr from 'ipaddr.js'

/** Says whether a host may be connected to at an IP address. */
export type AddressCheck = (host: string, address: string) => boolean

/**
 * Allows the public internet and the private hosts that somebody listed.
 *
 * @param privateHosts - Names or IP addresses; each in any form that a URL takes.
 */
export function addressCheck(privateHosts: readonly string[]): AddressCheck {
  const listed = new Set(privateHosts.map(canonicalHost))
  return (host, address) =>
    isPublicAddress(address) || listed.has(canonicalHost(host)) || listed.has(canonicalHost(address))
}

/**
 * Whether an IP address belongs to the public internet: not private, loopback, link-local, shared, multicast
 * or reserved, also when an IPv6 address only wraps such an IPv4 address.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false
  const ip = ipaddr.process(address)
  if (ip instanceof ipaddr.IPv4) return ip.range() === 'unicast'
  const bytes = ip.toByteArray()
  // NAT64 (RFC 6052): the last four bytes are what is really connected to.
  if (isWellKnownNat64(bytes)) return isPublicAddress(bytes.slice(12).join('.'))
  // Nothing outside of 2000::/3 is handed out yet (IANA, IPv6 address space).
  return ip.range() === 'unicast' && ((bytes[0] ?? 0) & 0xe0) === 0x20
}

/** One spelling of a host: lower case, no final dot, no brackets, IPv4 as four numbers. */
function canonicalHost(host: string): string {
  const bare = host.replace(/^\[|\]$/g, '')
  const url = `http://${bare.includes(':') ? `[${bare}]` : bare}`
  return URL.canParse(url) ? new URL(url).hostname.replace(/\.$/, '') : bare
}

/** 64:ff9b::/96; other prefixes hold the IPv4 address elsewhere, so nothing is known of them. */
function isWellKnownNat64(bytes: readonly number[]): boolean {
  const prefix = [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0]
  return prefix.every((byte, index) => bytes[index] === byte)
}
