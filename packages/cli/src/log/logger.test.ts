import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'

import type { AppLogger } from '@mynah/core'
import type { Mode } from '@mynah/loader'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'

import { createCliLogger } from './logger.ts'

let root = ''
/** Throws from a file of an author. */
let fail: (message: string) => never

beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'mynah-log-')))
  const file = join(root, 'dice.mjs')
  await writeFile(file, 'export function fail(message) {\n  throw new Error(message)\n}\n')
  ;({ fail } = await import(/* @vite-ignore */ file))
})
afterAll(() => rm(root, { recursive: true, force: true }))
beforeEach(() => vi.stubEnv('NO_COLOR', '1'))

function thrown(message = 'bang'): unknown {
  try {
    return fail(message)
  } catch (error) {
    return error
  }
}

/** A logger on a terminal, and what the terminal shows. */
function onTerminal(mode: Mode, level = 'info'): { logger: AppLogger; text: () => string } {
  const lines: string[] = []
  const output = { isTTY: true, write: (line: string) => lines.push(line) }
  return { logger: createCliLogger({ mode, level, output }), text: () => lines.join('') }
}

describe('a line of the log on a terminal', () => {
  it('has the time, the level, the plugin and the message', () => {
    const { logger, text } = onTerminal('production')
    logger.child({ plugin: 'dice' }).warn('rolled too often')
    expect(text()).toMatch(/^\[\d\d:\d\d:\d\d\] WARN: \[dice\] rolled too often\n$/)
  })

  it('stays one line with its fields, and does not say twice what the message says', () => {
    const { logger, text } = onTerminal('production')
    logger.info({ bot: 'qq:1', tries: 3, address: 'ws://127.0.0.1' }, 'qq:1 is online')
    expect(text()).toMatch(/INFO: qq:1 is online tries=3 address="ws:\/\/127\.0\.0\.1"\n$/)
  })

  it('has colours unless NO_COLOR says otherwise', () => {
    vi.stubEnv('NO_COLOR', '')
    const { logger, text } = onTerminal('production')
    logger.error('no')
    expect(text()).toContain('\u001B[31mERROR\u001B[39m')
  })

  it.each([
    ['a title', '\u001B]0;owned\u0007', '\\x1b]0;owned\\x07'],
    ['a cleared screen', '\u001B[2J\u001B[H', '\\x1b[2J\\x1b[H'],
    ['a clipboard', '\u009D52;c;aGk=\u009C', '\\x9d52;c;aGk=\\x9c'],
    ['an overwritten line', 'good\rbad', 'good\\x0dbad'],
    ['a turned direction', 'a\u202Eb\u2066c', 'a\\u202eb\\u2066c'],
    ['a separator that breaks lines', 'a\u2028b\u0085c', 'a\\u2028b\\x85c'],
    ['a backspace', 'abc\b\b\u007F', 'abc\\x08\\x08\\x7f'],
  ])('shows %s as an escape, wherever it comes from', (_, evil, shown) => {
    const { logger, text } = onTerminal('development')
    logger
      .child({ plugin: `p${evil}` })
      .error(
        { err: Object.assign(new Error(evil), { stack: `Error: x\n    at f (${evil})` }), name: evil },
        `alice said ${evil}`,
      )
    expect(text()).toContain(`[p${shown}] alice said ${shown}`)
    expect(text()).not.toContain(evil)
    expect(stripVTControlCharacters(text())).toBe(text())
  })

  it('lets no text forge a line', () => {
    const { logger, text } = onTerminal('production')
    const forged = 'hi\n[12:00:00] INFO: [app] everything is fine'
    logger.info({ note: forged }, forged)
    logger.info({ plugin: forged }, forged)
    expect(
      text()
        .split('\n')
        .filter((line) => line.startsWith('[')),
    ).toHaveLength(2)
  })
})

describe('an error in the log', () => {
  it('is one line with the place for an operator', () => {
    const { logger, text } = onTerminal('production')
    logger.error({ err: thrown(), plugin: 'dice' }, 'Plugin dice failed in command roll: bang')
    expect(text()).toMatch(
      /^\[[\d:]+\] ERROR: \[dice\] Plugin dice failed in command roll: bang \(\/.*dice\.mjs:2:9\)\n$/,
    )
  })

  it('is the code frame of their line, with folded frames, for an author', () => {
    const { logger, text } = onTerminal('development')
    logger.error({ err: thrown(), plugin: 'dice' }, 'Plugin dice failed in command roll: bang')
    const [first, place, ...rest] = text().split('\n')
    expect(first).toContain('Plugin dice failed in command roll: bang')
    expect(place?.trim()).toBe(`${root}/dice.mjs:2:9`)
    expect(rest.slice(0, 4).map((line) => line.trim())).toEqual([
      '1 | export function fail(message) {',
      '> 2 |   throw new Error(message)',
      '|         ^',
      '3 | }',
    ])
    expect(text()).toMatch(/at fail \(.*dice\.mjs:2:9\)/)
    expect(text()).toMatch(/… \d+ frames? of the framework and packages/)
    expect(text()).not.toContain('node_modules')
  })

  it.each(['production', 'development'] as const)('is whole at debug in %s', (mode) => {
    const { logger, text } = onTerminal(mode, 'debug')
    logger.error({ err: thrown() }, 'failed')
    expect(text()).toMatch(/at fail \(.*dice\.mjs:2:9\)/)
    expect(text()).toContain('node_modules')
    expect(text()).not.toContain('…')
  })

  it('is whole where it is the fault of no author', () => {
    const { logger, text } = onTerminal('development')
    const err = Object.assign(new Error('odd'), { stack: 'Error: odd\n    at x (node:internal/x:1:1)' })
    logger.error({ err }, 'failed: odd')
    expect(text()).toContain('at x (node:internal/x:1:1)')
  })
})
