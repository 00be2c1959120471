import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { LeakDetector, systemClock } from '../src/index.ts'

interface Closable {
  close(): unknown
}

let folder = ''
/** What two files can do: a plugin's, and one of a package that the plugin calls. */
interface Code {
  timer(): Closable
  server(): Closable
  calls<T>(make: () => T): T
}
let plugin: Code
let other: Code
let detector: LeakDetector
const undo: (() => void)[] = []

const source = `import { createServer } from 'node:net'
export const timer = () => setInterval(() => {}, 60_000)
export const server = () => createServer().listen(0, '127.0.0.1')
export const calls = (make) => make()
`

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'mynah (leaks) ')))
  const load = async (name: string): Promise<Code> => {
    await writeFile(join(folder, name), source)
    return import(/* @vite-ignore */ join(folder, name)) as Promise<Code>
  }
  plugin = await load('plugin.mjs')
  other = await load('other.mjs')
})
afterAll(() => rm(folder, { recursive: true, force: true }))
beforeEach(() => {
  detector = new LeakDetector()
})
afterEach(() => {
  detector.close()
  for (const step of undo.splice(0)) step()
})

function keep(made: Closable): void {
  undo.push(() => void made.close())
}

function taken(mark = detector.mark()): unknown[] {
  const files: Record<string, boolean> = {
    [join(folder, 'plugin.mjs')]: true,
    [join(folder, 'other.mjs')]: false,
  }
  return detector.take(mark, (file) => files[file])
}

describe('what code leaves behind when it has stopped', () => {
  it('is a timer, with the place in its file, and is told once', () => {
    keep(plugin.timer())
    expect(taken()).toEqual([
      { type: 'Timeout', source: { file: join(folder, 'plugin.mjs'), line: 2, column: 28 } },
    ])
    expect(taken()).toEqual([])
  })

  it('is a server that listens a moment later', async () => {
    const server = plugin.server()
    keep(server)
    await expect.poll(() => taken()).toMatchObject([{ type: 'TCPSERVERWRAP', source: { line: 3 } }])
  })

  it('is what nobody in view made for it', () => {
    keep(plugin.calls(() => setInterval(() => {}, 60_000)))
    expect(taken()).toMatchObject([{ type: 'Timeout', source: { line: 4 } }])
  })

  it('is not what somebody else made for it', () => {
    keep(plugin.calls(other.timer))
    expect(taken()).toEqual([])
  })

  it('is not what the framework made for it', () => {
    plugin.calls(() => undo.push(systemClock.setInterval(() => {}, 60_000)))
    expect(taken()).toEqual([])
  })

  it('is its own though somebody else called it', () => {
    keep(other.calls(plugin.timer))
    expect(taken()).toHaveLength(1)
  })

  it('is not what came after the mark', () => {
    const mark = detector.mark()
    keep(plugin.timer())
    expect(taken(mark)).toEqual([])
    expect(taken()).toHaveLength(1)
  })

  it('is not what has ended', async () => {
    plugin.timer().close()
    // Node tells of the end of a timer a turn later.
    await new Promise<void>((resolve) => {
      setImmediate(() => setImmediate(resolve))
    })
    expect(taken()).toEqual([])
  })
})

describe('what keeps the process alive', () => {
  it('is what has not been let go, but for what is ignored', () => {
    keep(plugin.timer())
    plugin.calls(() => undo.push(systemClock.setInterval(() => {}, 60_000)))
    const isOther = (stack: string): boolean => !stack.includes('plugin.mjs')
    expect(detector.alive(isOther)).toMatchObject([{ type: 'Timeout', source: { line: 2 } }])
    expect(detector.alive(() => true)).toEqual([])
  })
})
