import { inspect } from 'node:util'

import { type Bot, type BotFeature, MynahError } from '@mynah/core'

import type { Case } from './case.ts'
import { assert, assertPlain } from './check-event.ts'
import { argumentsOf } from './feature-arguments.ts'
import { delivered, type Scene } from './scene.ts'

/** The case of a method: it works where the account has it, and rejects with `UNSUPPORTED` elsewhere. */
export function featureCase(feature: BotFeature): Case {
  return {
    run: (scene) => (scene.has(feature) ? works(scene, feature) : isRefused(scene, feature)),
  }
}

async function works(scene: Scene, feature: BotFeature): Promise<void> {
  const args = await argumentsFor(scene, feature)
  const result = await call(scene.bot, feature, args)
  if (result !== undefined) assertPlain(result, `what ${feature} answers`)
  if (/^(?:get|create)(?!Reaction)/.test(feature)) {
    assert(isObject(result) && idOf(result) !== undefined, `what ${feature} answers has no id`)
  }
  if (feature.startsWith('list')) {
    assert(isObject(result) && Array.isArray(result['data']), `what ${feature} answers has no list \`data\``)
    assert(result['data'].length > 0, `what ${feature} answers is empty`)
  }
  await checks[feature]?.(scene, args, result)
}

/** What else has to be so after a call. */
const checks: {
  readonly [K in BotFeature]?: (scene: Scene, args: readonly unknown[], result: unknown) => Promise<void>
} = {
  async createDirectChannel({ bot, stage }, _, result) {
    const receipt = await bot.sendMessage(isObject(result) ? String(result['id']) : '', 'just you')
    delivered(receipt)
    const { text } = await stage.direct.arrival()
    assert(text === 'just you', `people see ${JSON.stringify(text)}`)
  },
  async getMessage(_, [, messageId], result) {
    assert(isObject(result) && result['id'] === messageId, 'getMessage answers with another message')
    return Promise.resolve()
  },
}

async function isRefused(scene: Scene, feature: BotFeature): Promise<void> {
  const args = await argumentsFor(scene, feature)
  const error: unknown = await call(scene.bot, feature, args).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  assert(error !== undefined, `${feature} is not in bot.features, and works`)
  assert(
    MynahError.is(error) && error.code === 'UNSUPPORTED',
    `${feature} is not in bot.features, and rejects with ${inspect(error)} instead of UNSUPPORTED`,
  )
}

async function argumentsFor(scene: Scene, feature: BotFeature): Promise<readonly unknown[]> {
  const made = await scene.callScene()
  const own = scene.has(feature) ? scene.stage.calls?.[feature] : undefined
  return own === undefined ? argumentsOf[feature](made, scene) : own(made)
}

async function call(bot: Bot, feature: BotFeature, args: readonly unknown[]): Promise<unknown> {
  return Reflect.apply(bot[feature], bot, args)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

/** The id of a resource; that of the user for a member. */
function idOf({ id, user }: Readonly<Record<string, unknown>>): unknown {
  return id ?? (isObject(user) ? user['id'] : undefined)
}
