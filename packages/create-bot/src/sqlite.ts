/** What the template has for a Node without SQLite. */
export const sqlitePackage = '@photostructure/sqlite'

/** First versions whose SQLite tells the types of columns, which `@mynah/database` needs; all later lines have it. */
const firstVersions: ReadonlyMap<number, number> = new Map([
  [22, 16],
  [23, 11],
])

/** Whether a Node brings the SQLite that `@mynah/database` uses. */
export function hasSqlite(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > 23 || minor >= (firstVersions.get(major) ?? Number.POSITIVE_INFINITY)
}
