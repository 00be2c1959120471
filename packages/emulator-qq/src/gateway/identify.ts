import { isJsonObject, type JsonObject } from '@mynah/emulator-kit'
import { allIntents, excessIntents } from './intents.ts'

/** What a bot may ask for. */
export interface IdentifyRules {
  /** The intents it was granted. */
  granted: number
  guildCount: number
  guildsPerShard: number
}

/** A shard: its number and how many there are. */
export type Shard = readonly [index: number, count: number]

/** A proper Identify, or the close code it is refused with. */
export type Identify =
  | { readonly intents: number; readonly shard: Shard }
  | { readonly close: number; readonly reason: string }

export const isSequence = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0

/** Reads the data of an Identify; without `shard` the bot wants everything. */
export function readIdentify(data: JsonObject, rules: IdentifyRules): Identify {
  const { intents, shard: wanted = [0, 1], properties } = data
  const isShaped = properties === undefined || isJsonObject(properties)
  if (!isSequence(intents) || !Array.isArray(wanted) || !isShaped)
    return { close: 4002, reason: 'bad payload' }
  const shard = readShard(wanted)
  if (shard === undefined) return { close: 4010, reason: 'bad shard' }
  if (intents > 2 ** 31 || excessIntents(intents, allIntents) !== 0)
    return { close: 4013, reason: 'bad intents' }
  if (excessIntents(intents, rules.granted) !== 0)
    return { close: 4014, reason: 'intents without permission' }
  if (rules.guildCount > rules.guildsPerShard * shard[1]) return { close: 4011, reason: 'too many guilds' }
  return { intents, shard }
}

function readShard([index, count, ...rest]: unknown[]): Shard | undefined {
  const isValid = isSequence(index) && isSequence(count) && index < count && rest.length === 0
  return isValid ? [index, count] : undefined
}
