import { MynahError } from '../../errors/mynah-error.ts'
import type { LocalBot } from '../local-bot.ts'

/**
 * Calls what plugins may call of a bot: a method that it has, `replyBudget`, `featuresIn`, or a method of its platform's
 * API.
 *
 * @param path - The name of the method; for the API `api`, the platform, and the names that lead to the method.
 * @throws MynahError `UNSUPPORTED` when there is none.
 */
export async function callBot(
  bot: LocalBot,
  path: readonly string[],
  args: readonly unknown[],
): Promise<unknown> {
  const [first = '', platform = '', ...names] = path
  const isOwn = path.length === 1 && (always.has(first) || bot.features.some((name) => name === first))
  let owner: unknown = bot
  let target: unknown = isOwn ? read(bot, first) : undefined
  if (first === 'api' && platform === bot.platform) {
    target = bot.platformApi
    for (const name of names) {
      owner = target
      target = read(target, name)
    }
  }
  if (typeof target === 'function') return Reflect.apply(target, owner, args)
  throw new MynahError('UNSUPPORTED', `${bot.key} has no ${path.join('.')}.`)
}

/** Methods that every bot has. */
const always: ReadonlySet<string> = new Set(['replyBudget', 'featuresIn'])

function read(owner: unknown, name: string): unknown {
  if (typeof owner !== 'object' || owner === null || name === 'constructor') return undefined
  return Reflect.get(owner, name)
}
