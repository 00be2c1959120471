const scheme = /^https?:\/\//i
/** A host with a dot, as the platform writes addresses that come without a scheme. */
const hostFirst = /^(?:\/\/)?[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:[/?#]|$)/

/**
 * The web address in a field of an event; the platform leaves the scheme out of some. Anything else is
 * `undefined`: what people send never names a file of ours.
 */
export function webAddress(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const address = value.trim()
  if (scheme.test(address)) return URL.canParse(address) ? address : undefined
  if (!hostFirst.test(address)) return undefined
  const completed = `https://${address.replace(/^\/\//, '')}`
  return URL.canParse(completed) ? completed : undefined
}
