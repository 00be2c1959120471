import { openEngine } from '@mynah/database/engine'

const engine = await openEngine(`sqlite:${process.argv[2]}`)
await engine.write({ sql: 'create table rows (id integer primary key, words text)', parameters: [] })
for (let id = 1; ; id += 1) {
  await engine.write({ sql: 'insert into rows values ($1, $2)', parameters: [id, 'words'] })
  process.stdout.write(`${id}\n`)
}
