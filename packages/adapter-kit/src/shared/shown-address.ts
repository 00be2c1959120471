/** An address as a log may show it: without credentials, query and fragment, which often hold secrets. */
export function shownAddress(address: string | URL): string {
  if (!URL.canParse(String(address))) return 'the address'
  const { protocol, host, pathname } = new URL(address)
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`
}
