import ipaddr from 'ipaddr.js'

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
  if (ip.range() === 'rfc6052') return isPublicAddress(bytes.slice(12).join('.'))
  const wrapsIpv4 = bytes.slice(0, 12).every((byte) => byte === 0)
  const siteLocal = bytes[0] === 0xfe && ((bytes[1] ?? 0) & 0xc0) === 0xc0
  return ip.range() === 'unicast' && !wrapsIpv4 && !siteLocal
}
