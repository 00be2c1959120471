import { engineKinds, inSchema, type Place, sqliteMemory } from '../packages/database/test/places.ts'

/** A database without anything in it. */
export type EmptyDatabase = Place & AsyncDisposable

/** The kinds of databases that are there. */
export const databaseKinds: typeof engineKinds = engineKinds

/** Makes a database for one test. */
export async function emptyDatabase(kind: (typeof engineKinds)[number]): Promise<EmptyDatabase> {
  const place = await (kind === 'sqlite' ? sqliteMemory() : inSchema())
  return { ...place, [Symbol.asyncDispose]: () => place.remove() }
}
