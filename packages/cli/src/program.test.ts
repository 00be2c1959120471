import { readFileSync } from 'node:fs'

import type { CommanderError } from 'commander'
import { describe, expect, it, vi } from 'vitest'

import { commands } from './commands/table.ts'
import { createProgram } from './program.ts'
import { chinese } from './texts/chinese.ts'
import { english } from './texts/english.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

describe('the table of commands', () => {
  it('has each name once', () => {
    const names = commands.map(({ name }) => name)
    expect(names).toEqual(Array.from(new Set(names)))
    expect(names).toContain('start')
  })

  it.each([
    ['en_US.UTF-8', english],
    ['zh_CN.UTF-8', chinese],
  ])('is the help in %s, a line each, without a full stop', (language, texts) => {
    vi.stubEnv('LC_ALL', language)
    const help = createProgram().helpInformation()
    for (const { name } of commands) {
      const description = texts.help.commands[name]
      expect(description).not.toMatch(/[.。]$/)
      expect(help).toMatch(new RegExp(`^ +${name} \\[options\\].* ${description}$`, 'm'))
    }
  })

  it.each(commands)('has $name in the README', ({ name }) => {
    expect(readme).toContain(`| \`bot ${name}\``)
  })

  it.each(commands)('lets $name take what all commands take', ({ name }) => {
    const help = createProgram()
      .commands.find((command) => command.name() === name)
      ?.helpInformation()
    for (const [option] of readme.matchAll(/(?<=^\| `)--?\w.*?(?=`)/gm)) expect(help).toContain(option)
    expect(help).toContain('--cwd <folder>')
  })
})

describe('a command line', () => {
  function refusal(...args: string[]): string {
    const program = createProgram().exitOverride()
    for (const command of [program, ...program.commands]) {
      command.exitOverride().configureOutput({ writeErr: () => {}, writeOut: () => {} })
    }
    try {
      program.parse(args, { from: 'user' })
      return 'none'
    } catch (error) {
      return (error as CommanderError).code
    }
  }

  it.each([
    [['frobnicate'], 'commander.unknownCommand'],
    [['start', '--fast'], 'commander.unknownOption'],
    [['start', '--cwd'], 'commander.optionMissingArgument'],
    [['start', '--log-level', 'loud'], 'commander.invalidArgument'],
    [['start', 'here'], 'commander.excessArguments'],
    [['--version'], 'commander.version'],
  ])('%j ends with %s', (args, code) => {
    expect(refusal(...args)).toBe(code)
  })
})
