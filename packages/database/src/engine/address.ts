import { isAbsolute, resolve } from 'node:path'

import { DatabaseError } from './errors.ts'

/** Where a database is. */
export type Address =
  | { readonly kind: 'sqlite'; readonly path: string; readonly place: string }
  | { readonly kind: 'postgres'; readonly url: string; readonly place: string }

const examples = 'for example sqlite:data/bot.db or postgres://user:password@host:5432/database'

/**
 * Reads an address. Relative paths are from a folder.
 *
 * @throws DatabaseError `DATABASE_ADDRESS`; the message never has what might be a password.
 */
export function parseAddress(url: string, folder: string): Address {
  const [, scheme, rest = ''] = /^([a-z]{2,}):(.*)$/is.exec(url) ?? []
  switch (scheme?.toLowerCase()) {
    case 'sqlite':
      return sqliteAddress(rest, folder)
    case 'postgres':
    case 'postgresql':
      return postgresAddress(url)
    case undefined:
      throw invalid(`It does not say which database it is: write ${examples}.`)
    default:
      throw invalid(`"${scheme}:" is not supported: write ${examples}.`)
  }
}

function sqliteAddress(rest: string, folder: string): Address {
  if (rest === ':memory:') return { kind: 'sqlite', path: rest, place: rest }
  const path = rest.startsWith('///') ? rest.slice(2) : rest
  if (path.startsWith('//')) throw invalid(`A file has no host: write sqlite:${path.slice(2)}.`)
  if (path.trim() === '') throw invalid('The file is missing: write for example sqlite:data/bot.db.')
  const full = isAbsolute(path) ? path : resolve(folder, path)
  return { kind: 'sqlite', path: full, place: full }
}

function postgresAddress(url: string): Address {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed === undefined) {
    throw invalid(
      'It cannot be read as postgres://user:password@host:5432/database. Write /, @, : and # inside of a password as ' +
        '%2F, %40, %3A and %23.',
    )
  }
  if (parsed.pathname.length < 2) throw invalid('The name of the database is missing at its end.')
  const user = parsed.username === '' ? '' : `${parsed.username}@`
  return { kind: 'postgres', url, place: `postgres://${user}${parsed.host}${parsed.pathname}` }
}

function invalid(problem: string): DatabaseError {
  return new DatabaseError('DATABASE_ADDRESS', `The address of the database is not valid. ${problem}`)
}
