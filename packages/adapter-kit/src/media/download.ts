import { lookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { MynahError } from '@mynah/core'
import type { Agent, Dispatcher } from 'undici'
import { readAtMost } from '../shared/read-at-most.ts'
import { loadUndici } from '../shared/undici.ts'
import { mediaRefused, tooLarge } from './media-error.ts'
import { nameOfDisposition, nameOfPath } from './media-name.ts'
import type { AddressCheck } from './public-address.ts'

/** Bytes and what their source said about them. */
export interface RawMedia {
  readonly bytes: Buffer
  readonly mime?: string | undefined
  readonly name?: string | undefined
}

export interface DownloadOptions {
  readonly maxBytes: number
  readonly signal: AbortSignal
  readonly allows: AddressCheck
}

const maxRedirects = 5

/**
 * Fetches an http(s) URL. The addresses are checked as they are connected to, so neither a redirect nor a
 * second look-up of the name gets around it.
 */
export async function download(url: URL, options: DownloadOptions): Promise<RawMedia> {
  const { Agent } = await loadUndici()
  const agent = new Agent({ connect: { lookup: guardedLookup(options.allows) } })
  try {
    return await follow(url, agent, options)
  } catch (cause) {
    if (MynahError.is(cause) || options.signal.aborted) throw cause
    if (cause instanceof RangeError) throw tooLarge(options.maxBytes)
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
    throw mediaRefused(`${show(url)} could not be fetched: ${code}.`, { cause, retriable: true })
  } finally {
    await agent.destroy()
  }
}

async function follow(start: URL, agent: Agent, options: DownloadOptions): Promise<RawMedia> {
  const { request } = await loadUndici()
  let url = start
  for (let hop = 0; hop <= maxRedirects; hop += 1) {
    checkUrl(url, options.allows)
    const response = await request(url, {
      dispatcher: agent,
      signal: options.signal,
      headers: { 'user-agent': 'mynah', 'accept-encoding': 'identity' },
    })
    const { location } = response.headers
    if (response.statusCode < 300 || response.statusCode >= 400 || typeof location !== 'string') {
      return readMedia(url, response, options.maxBytes)
    }
    await response.body.dump()
    url = resolveLocation(location, url)
  }
  throw mediaRefused(`${show(start)} redirects more than ${maxRedirects} times.`)
}

async function readMedia(url: URL, response: Dispatcher.ResponseData, maxBytes: number): Promise<RawMedia> {
  const { statusCode, headers, body } = response
  if (statusCode < 200 || statusCode >= 300) {
    throw mediaRefused(`${show(url)} answered HTTP ${statusCode}.`, { retriable: statusCode >= 500 })
  }
  const encoding = headers['content-encoding'] ?? 'identity'
  if (encoding !== 'identity')
    throw mediaRefused(`${show(url)} came in the unasked encoding ${String(encoding)}.`)
  if (Number(headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes)
  const bytes = await readAtMost(body, maxBytes)
  const { 'content-type': type, 'content-disposition': disposition } = headers
  return {
    bytes,
    mime: typeof type === 'string' ? type : undefined,
    name: nameOfDisposition(disposition) ?? nameOfPath(decodePath(url.pathname)),
  }
}

function checkUrl(url: URL, allows: AddressCheck): void {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw mediaRefused(`${show(url)} is no http or https address.`)
  }
  // A literal address is connected to without any look-up.
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0 && !allows(host, host)) throw forbidden(host)
}

function guardedLookup(allows: AddressCheck): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, [])
      const allowed = found.filter(({ address }) => allows(hostname, address))
      const [first] = allowed
      if (first === undefined) return callback(forbidden(hostname), [])
      if (options.all === true) callback(null, allowed)
      else callback(null, first.address, first.family)
    })
  }
}

function forbidden(host: string): MynahError {
  return mediaRefused(
    `${host} is not on the public internet. If it is meant to be read from, list it as a private host.`,
  )
}

function resolveLocation(location: string, base: URL): URL {
  if (!URL.canParse(location, base.href)) throw mediaRefused(`${show(base)} redirects to no address.`)
  return new URL(location, base)
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/** Without the query, which often holds a key. */
function show(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`
}
