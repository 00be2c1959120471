import { createHash } from 'node:crypto'

/** How many bytes PostgreSQL keeps of a name. */
const longestName = 63

/**
 * The name of a plugin's table in the database, such as `economy__wallets`. SQLite tells no upper case from lower case,
 * so upper case is written as `$` and the small letter, and everything else as `$` with the code point between.
 * No two tables have one name: what stands before the first `__` is the plugin.
 */
export function realTableName(owner: string, table: string): string {
  return shortened(`${ownerPrefix(owner)}${encode(table)}`)
}

/** The name of an index or of a unique set; no table's name has a dot. */
export function realIndexName(
  owner: string,
  table: string,
  kind: 'index' | 'unique',
  columns: readonly string[],
): string {
  return shortened(`${ownerPrefix(owner)}${encode(table)}.${kind}(${columns.join()})`)
}

/** A name as it stands in a statement. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** What the names of all tables of a plugin begin with, where they are not shortened. */
export function ownerPrefix(owner: string): string {
  const encoded = encode(owner).replaceAll(/_(?=_|$)/g, '$95$')
  return `${encoded}__`
}

function encode(name: string): string {
  return name.replaceAll(/[^a-z0-9_]/gu, (letter) =>
    /[A-Z]/.test(letter) ? `$${letter.toLowerCase()}` : `$${letter.codePointAt(0)}$`,
  )
}

/** What is too long keeps its beginning; the rest becomes a hash. No other name has `$-`. */
function shortened(name: string): string {
  if (Buffer.byteLength(name) <= longestName) return name
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 20)
  return `${name.slice(0, longestName - hash.length - 2)}$-${hash}`
}
