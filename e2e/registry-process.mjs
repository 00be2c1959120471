// A registry in a process of its own: takes its config as JSON, tells its port once it listens.
import { runServer } from 'verdaccio'

const server = await runServer(JSON.parse(process.argv[2] ?? '{}'))
server.listen(0, '127.0.0.1', () => process.send?.(server.address().port))
process.once('disconnect', () => process.exit())
