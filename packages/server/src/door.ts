import { BlockList, isIP } from 'node:net'
import type { ServerRequest } from './http-message.ts'

/**
 * What a request has to bring to be served: `token`, a secret that the head or the body holds; `signature`,
 * one made with a secret; `none`, so that the route serves only programs on this machine.
 */
export type Guard = 'token' | 'signature' | 'none'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** Headers that proxies add: behind one everybody comes from this machine. */
const ofProxy =
  /^(?:forwarded|via|x-forwarded(?:-.+)?|x-original-.+|x-real-ip|x-client-ip|x-cluster-client-ip|x-envoy-.+|x-azure-.+|x-appengine-.+|true-client-ip|fastly-.+|fly-.+|cf-.+|cdn-loop)$/

const wantsGuard = 'set one to let others in'

/**
 * Looks at where a request comes from, before anything of it is believed.
 *
 * A page in a browser on this machine reaches the server as well: it names its site in `Origin`, and where a
 * name was made to point here, that name stands in `Host`.
 *
 * @returns why it is not let in, in an operator's words; `undefined` when it is.
 */
export function doorRefusal(
  request: Pick<ServerRequest, 'headers' | 'remoteAddress'>,
  guard: Guard,
): string | undefined {
  const { headers, remoteAddress } = request
  const origin = headers.origin ?? headers['sec-websocket-origin']
  if (guard !== 'none') {
    return origin === undefined || isSameSite(String(origin), headers.host)
      ? undefined
      : 'it comes from a web page of another site'
  }
  if (!isLoopbackAddress(remoteAddress))
    return `the route has no token or signature and serves only this machine; ${wantsGuard}`
  if (Object.keys(headers).some((name) => ofProxy.test(name)))
    return `it came through a proxy, and the route has no token or signature; ${wantsGuard}`
  const site = headers['sec-fetch-site']
  if (origin !== undefined || (site !== undefined && site !== 'none' && site !== 'same-origin'))
    return `it comes from a web page, and the route has no token or signature; ${wantsGuard}`
  if (!isLoopbackHost(headers.host))
    return `it does not name this machine as its host, and the route has no token or signature; ${wantsGuard}`
  return undefined
}

/** By which addresses are counted: an IPv6 network is given out whole, so 64 bits of it are one. */
export function addressKey(address: string): string {
  const ipv4 = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (ipv4 !== undefined || isIP(address) !== 6) return ipv4 ?? address
  const [start = '', end] = address.split('::')
  const head = start === '' ? [] : start.split(':')
  const tail = end === undefined || end === '' ? [] : end.split(':')
  const zeros = end === undefined ? 0 : 8 - head.length - tail.length
  const groups = [...head, ...Array.from({ length: Math.max(0, zeros) }, () => '0'), ...tail]
  return `${groups.slice(0, 4).join(':')}::/64`
}

function isLoopbackAddress(address: string): boolean {
  const family = isIP(address)
  return family !== 0 && loopback.check(address, family === 6 ? 'ipv6' : 'ipv4')
}

function isLoopbackHost(host: string | undefined): boolean {
  if (host === undefined || !/^[\w.:[\]-]+$/.test(host) || !URL.canParse(`http://${host}`)) return false
  const name = new URL(`http://${host}`).hostname.replace(/\.$/, '')
  return name === 'localhost' || isLoopbackAddress(name.replace(/^\[|\]$/g, ''))
}

function isSameSite(origin: string, host: string | undefined): boolean {
  if (host === undefined || !URL.canParse(origin)) return false
  const { protocol, host: ownHost } = new URL(origin)
  const asked = `${protocol}//${host}`
  return URL.canParse(asked) && new URL(asked).host === ownHost
}
