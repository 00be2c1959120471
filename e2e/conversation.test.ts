import type { ContractCase } from '@mynah/testing/contract'
import { describe, expect, it } from 'vitest'

import { kookContract } from '../packages/adapter-kook/test/contract.ts'
import { onebotContract } from '../packages/adapter-onebot/test/contract.ts'
import { qqContract, qqGroupContract } from '../packages/adapter-qq/test/contract.ts'
import { sandboxContract } from '../packages/adapter-sandbox/test/contract.ts'
import { testingContract } from '../packages/testing/test/contract.ts'
import { host, Talk } from './conversation.ts'

/** One thing that people do with a bot. */
interface Step {
  readonly name: string
  /** The case of the contract that the platform has to pass for this to be possible. */
  readonly needs?: ContractCase
  run(talk: Talk): Promise<void>
  /** What was said and seen: the same everywhere. */
  readonly transcript: readonly string[]
}

const steps: readonly Step[] = [
  {
    name: 'a command with an option',
    async run(talk) {
      await talk.say('/roll 2 --sides 20')
      await talk.see()
    },
    transcript: ['> /roll 2 --sides 20', '< 2 dice with 20 sides'],
  },
  {
    name: 'a reply to the bot that is a command',
    async run(talk) {
      await talk.say('/ping')
      const { id } = await talk.see()
      talk.did('replies /again')
      await talk.stage.drivers.quote?.(id, '/again')
      await talk.see()
    },
    transcript: ['> /ping', '< pong', '* replies /again', '< again'],
  },
  {
    name: 'a mention with a command',
    needs: 'a mention of the bot comes in',
    async run(talk) {
      talk.did('mentions the bot: /ping')
      await talk.stage.drivers.mention?.('/ping')
      await talk.see()
    },
    transcript: ['* mentions the bot: /ping', '< pong'],
  },
  {
    name: 'a picture as an argument',
    needs: 'a picture is an argument of a command',
    async run(talk) {
      talk.did('says /look with a picture')
      await talk.stage.drivers.sayWithImage?.('/look')
      await talk.see()
    },
    transcript: ['* says /look with a picture', '< I see a picture'],
  },
  {
    name: 'a question that is answered',
    async run(talk) {
      await talk.say('/name')
      await talk.see()
      await talk.say('Ada')
      await talk.see()
    },
    transcript: ['> /name', '< Who are you?', '> Ada', '< Hello, Ada'],
  },
  {
    name: 'a button that is pressed',
    needs: 'a pressed button comes in',
    async run(talk) {
      await talk.say('/menu')
      const { id } = await talk.see('Go?')
      talk.did('presses the button')
      await talk.stage.drivers.press?.(id)
      await talk.see()
    },
    transcript: ['> /menu', '< Go?', '* presses the button', '< pressed go'],
  },
  {
    name: 'an answer in pieces',
    async run(talk) {
      await talk.seeInPieces('/count')
    },
    transcript: ['> /count', '< one, two, three'],
  },
  {
    name: 'a message that its author changes',
    needs: 'an edited message comes in',
    async run(talk) {
      await talk.say('good morning')
      talk.did('changes it')
      await talk.stage.drivers.edit?.('good evening')
      await talk.see()
    },
    transcript: ['> good morning', '* changes it', '< I saw the change'],
  },
  {
    name: 'a message that its author takes back',
    needs: 'a recalled message comes in',
    async run(talk) {
      await talk.say('never mind')
      talk.did('takes it back')
      await talk.stage.drivers.recall?.()
      await talk.see()
    },
    transcript: ['> never mind', '* takes it back', '< I saw it go'],
  },
  {
    name: 'somebody who joins',
    needs: 'a new member comes in',
    async run(talk) {
      talk.did('somebody joins')
      await talk.stage.drivers.addMember?.()
      await talk.see()
    },
    transcript: ['* somebody joins', '< @ welcome'],
  },
  {
    name: 'a command for others',
    async run(talk) {
      await talk.say('/secret')
      await talk.see()
    },
    transcript: ['> /secret', '< You may not use /secret.'],
  },
  {
    name: 'a command that is nearly one',
    async run(talk) {
      await talk.say('/pinf')
      await talk.see()
    },
    transcript: ['> /pinf', '< There is no command "pinf". Did you mean /ping?'],
  },
]

describe('the same conversation', () => {
  it.each([onebotContract, qqContract, qqGroupContract, kookContract, sandboxContract, testingContract])(
    'reads the same on $name',
    { timeout: 60_000 },
    async (contract) => {
      const talk = await Talk.begin(contract, host)
      try {
        const possible = steps.filter(
          ({ needs }) => needs === undefined || contract.skips?.[needs] === undefined,
        )
        for (const step of possible) {
          talk.lines.push(`# ${step.name}`)
          await step.run(talk).catch((error: unknown) => talk.lines.push(`! ${String(error)}`))
        }
        expect(talk.lines).toEqual(possible.flatMap(({ name, transcript }) => [`# ${name}`, ...transcript]))
      } finally {
        await talk.end()
      }
    },
  )
})
