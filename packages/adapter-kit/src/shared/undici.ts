import type * as Undici from 'undici'

/** The HTTP client, loaded when the first call is made: it would cost every start a tenth of a second. */
export function loadUndici(): Promise<typeof Undici> {
  return import('undici')
}
