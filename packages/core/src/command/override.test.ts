import { describe, expect, it } from 'vitest'

import { Scope } from '../lifecycle/scope.ts'
import { everyone, superuser } from '../permission/predicates.ts'
import { systemClock } from '../shared/clock.ts'
import type { DeclaredCommand } from './command.ts'
import { Limit } from './limit.ts'
import type { LimitOptions } from './limit-options.ts'
import { apply, compileOverrides, type CommandOverride } from './override.ts'

function limit(textKey: LimitOptions['textKey']): Limit {
  return new Limit(systemClock, { count: 1, per: 'user', periodMs: 1000, exempt: undefined, textKey })
}

const cooldown = limit('command.cooldown')
const quota = limit('command.quota')
const configured = limit('command.cooldown')

const declared: DeclaredCommand = {
  name: 'guild ban',
  scope: new Scope({ name: 'test', onError: () => {} }),
  parent: undefined,
  description: '',
  parameters: [],
  options: [],
  aliases: [{ name: 'b', preset: { args: [1] } }],
  shortcuts: [
    { phrase: 'Ban', preset: { args: [2] } },
    { pattern: /^b$/g, preset: () => ({}) },
  ],
  examples: [],
  limits: [cooldown, quota],
  permission: superuser,
}

describe('a command with what the config changes', () => {
  const same = {
    ownName: 'ban',
    aliases: declared.aliases,
    shortcuts: declared.shortcuts,
    isEnabled: true,
    isHidden: false,
    permission: superuser,
    limits: [cooldown, quota],
  }

  it.each<[CommandOverride, Partial<typeof same>]>([
    [{}, {}],
    [{ name: 'block' }, { ownName: 'block' }],
    [{ aliases: ['x', 'y z'] }, { aliases: [{ name: 'x' }, { name: 'y z' }] }],
    [{ aliases: [] }, { aliases: [] }],
    [{ shortcuts: [] }, { shortcuts: [] }],
    [
      { shortcuts: ['out', '/^b$/g', 'ban '] },
      { shortcuts: [{ phrase: 'out', preset: {} }, ...declared.shortcuts.toReversed()] },
    ],
    [{ enabled: false }, { isEnabled: false }],
    [{ hidden: true }, { isHidden: true }],
    [{ permission: 'everyone' }, { permission: everyone }],
    [{ cooldown: 0 }, { limits: [quota] }],
    [{ cooldown: '0s' }, { limits: [quota] }],
    [{ cooldown: '5s' }, { limits: [quota, configured] }],
  ])('%j', (override, changes) => {
    const compiled = compileOverrides({ one: override }).get('one')
    const own = compiled?.cooldown?.options === undefined ? undefined : configured
    expect(apply(declared, compiled, own)).toEqual({ ...same, ...changes })
  })

  it('is hidden only where the config does not show it', () => {
    const hidden = { ...declared, isHidden: true }
    expect([apply(hidden).isHidden, apply(hidden, { isHidden: false }).isHidden]).toEqual([true, false])
  })
})
