import { describe, expect, it } from 'vitest'

import { openEngine } from '../src/engine.ts'
import { engineContract } from './engine-contract.ts'
import { outboxContract } from './outbox-contract.ts'
import { hasServer, inSchema, server, skipReason } from './places.ts'

describe.skipIf(!hasServer)(`PostgreSQL${skipReason}`, () => {
  engineContract('PostgreSQL', inSchema)
  outboxContract('PostgreSQL', inSchema)

  it('has no password in its place or in its errors', async () => {
    const place = await inSchema()
    const engine = await openEngine(place.url.replace('postgres@', 'postgres:hush@'))
    expect(engine.place).toBe('postgres://postgres@127.0.0.1:5432/test')
    await engine.close()
    await place.remove()
    const error: unknown = await openEngine(server.replace('postgres@', 'nobody:hush@')).catch(
      (reason: unknown) => reason,
    )
    expect(error).toMatchObject({ code: 'DATABASE_UNREACHABLE' })
    expect(String(error)).not.toContain('hush')
  })

  it('says in which transaction the connection was cut, and works again at once', async () => {
    const place = await inSchema()
    const engine = await openEngine(place.url)
    await engine.write({ sql: 'create table cut (id bigint)', parameters: [] })
    const cut = engine.transaction(async (transaction) => {
      await transaction.run({ sql: 'insert into cut values (1)', parameters: [] })
      const { rows } = await transaction.run({ sql: 'select pg_backend_pid() as pid', parameters: [] })
      await engine.read({ sql: 'select pg_terminate_backend($1)', parameters: [Number(rows[0]?.['pid'])] })
      await transaction.run({ sql: 'insert into cut values (2)', parameters: [] })
    })
    await expect(cut).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE', inDoubt: false })
    expect((await engine.read({ sql: 'select id from cut', parameters: [] })).rows).toEqual([])
    await engine.close()
    await place.remove()
  })
})
