import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

import { type Engine, openEngine } from '../src/engine.ts'
import { type Cut, CuttingProxy } from './cutting-proxy.ts'
import { hasServer, inSchema, skipReason } from './places.ts'
import { hasPrograms, OwnServer } from './own-server.ts'

const create = { sql: 'create table rows (id bigint)', parameters: [] }
const insert = (id: number): Parameters<Engine['write']>[0] => ({
  sql: 'insert into rows values ($1)',
  parameters: [id],
})
const idsOf = async (engine: Engine): Promise<unknown[]> => {
  const { rows } = await engine.read({ sql: 'select id from rows order by id', parameters: [] })
  return rows.map(({ id }) => id)
}

describe.skipIf(!hasPrograms)(
  `a server that goes away${hasPrograms ? '' : ' (skipped: no PostgreSQL to start)'}`,
  () => {
    let server: OwnServer
    let engine: Engine

    beforeAll(async () => {
      server = await OwnServer.make()
      engine = await openEngine(server.url)
      await engine.write(create)
    }, 60_000)

    afterAll(async () => {
      await engine.close()
      await server.remove()
    })

    it('and comes back soon keeps everybody waiting, and loses nothing', async () => {
      await server.stop('in order')
      const writes = [1, 2, 3].map((id) => engine.write(insert(id)))
      await server.start()
      await Promise.all(writes)
      expect(await idsOf(engine)).toEqual([1, 2, 3])
    })

    it('and stays away is told, and everything works again when it is back', async () => {
      await server.stop('crash')
      const refused = {
        code: 'DATABASE_UNREACHABLE',
        retriable: true,
        inDoubt: false,
        message: expect.stringContaining('Nothing of this was written'),
      }
      const asked = [engine.write(insert(4)), idsOf(engine)]
      await Promise.all(asked.map((answer) => expect(answer).rejects.toMatchObject(refused)))
      await server.start()
      expect(await idsOf(engine)).toEqual([1, 2, 3])
    })

    it('in the middle of a transaction undoes it, and says so', async () => {
      const work = engine.transaction(async (transaction) => {
        await transaction.run(insert(5))
        await server.stop('crash')
        await transaction.run(insert(6))
      })
      await expect(work).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE', inDoubt: false })
      await server.start()
      expect(await idsOf(engine)).toEqual([1, 2, 3])
    })
  },
)

describe.skipIf(!hasServer)(`a connection that is lost${skipReason}`, () => {
  it.each<[string, Cut, number[], (engine: Engine) => Promise<unknown>]>([
    ['commit', 'before', [], (engine) => engine.transaction((transaction) => transaction.run(insert(1)))],
    ['commit', 'after', [1], (engine) => engine.transaction((transaction) => transaction.run(insert(1)))],
    ['commit', 'after', [1, 2], (engine) => engine.write(insert(1), insert(2))],
    ['insert', 'after', [1], (engine) => engine.write(insert(1))],
  ])('at "%s", %s the server has it, leaves a doubt and %j', async (words, cut, ids, write) => {
    const place = await inSchema()
    const { hostname, port } = new URL(place.url)
    const proxy = await CuttingProxy.open(hostname, Number(port))
    const url = new URL(place.url)
    url.port = String(proxy.port)
    const engine = await openEngine(url.href)
    await engine.write(create)
    proxy.cutNext(words, cut)
    await expect(write(engine)).rejects.toMatchObject({
      code: 'DATABASE_UNREACHABLE',
      inDoubt: true,
      message: expect.stringContaining('look first'),
    })
    const direct = await openEngine(place.url)
    await vi.waitFor(async () => expect(await idsOf(direct)).toEqual(ids))
    await direct.close()
    await engine.close()
    proxy.close()
    await place.remove()
  })
})

it('names the package to install where it is missing', async () => {
  vi.doMock('pg', () => {
    throw new Error("Cannot find package 'pg'")
  })
  await expect(openEngine('postgres://nobody@127.0.0.1:1/test')).rejects.toMatchObject({
    code: 'DATABASE_DRIVER',
    message: expect.stringContaining('npm install pg'),
  })
  vi.doUnmock('pg')
})
