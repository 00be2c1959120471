import { inspect } from 'node:util'

import { type Bot, type BotFeature, MynahError } from '@mynah/core'

import type { Case } from './case.ts'
import { assert, assertPlain } from './check-event.ts'
import { argumentsOf } from './feature-arguments.ts'
import { expectEffect } from './feature-effects.ts'
import type { Scene } from './scene.ts'
import type { CallScene } from './stage.ts'

/** The case of a method: it works where the account has it, and rejects with `UNSUPPORTED` elsewhere. */
export function featureCase(feature: BotFeature): Case {
  return {
    async run(scene) {
      const at = await scene.callScene()
      return scene.has(feature) ? works(scene, feature, at) : isRefused(scene, feature, at)
    },
  }
}

async function works(scene: Scene, feature: BotFeature, at: CallScene): Promise<void> {
  const args = await argumentsFor(scene, feature, at)
  const result = await call(scene.bot, feature, args)
  if (result !== undefined) assertPlain(result, `what ${feature} answers`)
  if (/^(?:get|create)(?!Reaction)/.test(feature)) {
    assert(isObject(result) && idOf(result) !== undefined, `what ${feature} answers has no id`)
  }
  if (feature.startsWith('list')) {
    assert(isObject(result) && Array.isArray(result['data']), `what ${feature} answers has no list \`data\``)
    assert(result['data'].length > 0, `what ${feature} answers is empty`)
  }
  await expectEffect(feature, { scene, bot: scene.bot, args, result }, at)
}

async function isRefused(scene: Scene, feature: BotFeature, at: CallScene): Promise<void> {
  const args = await argumentsFor(scene, feature, at)
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

async function argumentsFor<K extends BotFeature>(
  scene: Scene,
  feature: K,
  at: CallScene,
): Promise<Parameters<Bot[K]>> {
  const own = scene.has(feature) ? scene.stage.calls?.[feature] : undefined
  return own === undefined ? argumentsOf[feature](at, scene) : own(at)
}

async function call<K extends BotFeature>(
  bot: Bot,
  feature: K,
  args: Parameters<Bot[K]>,
): Promise<Awaited<ReturnType<Bot[K]>>> {
  return Reflect.apply(bot[feature], bot, args)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

/** The id of a resource; that of the user for a member. */
function idOf({ id, user }: Readonly<Record<string, unknown>>): unknown {
  return id ?? (isObject(user) ? user['id'] : undefined)
}
