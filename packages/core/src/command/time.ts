import { wordsFor } from '../i18n/framework-texts.ts'
import type { WordKey } from '../i18n/locales/keys.ts'
import { narrow } from '../shared/narrow.ts'

const unitMs = byWord(
  ['milliseconds', 1],
  ['seconds', 1000],
  ['minutes', 60_000],
  ['hours', 3_600_000],
  ['days', 86_400_000],
  ['weeks', 604_800_000],
)

const part = /\s*(\d+(?:\.\d+)?|\.\d+)\s*([a-z]+|[^\s\d.a-z]+)\s*/giy

/** Longer texts are no lengths of time. */
const maxLength = 100

/** Reads `90s`, `1h30m`, `10min`, `2 days` (in quotes), `10分钟`; the result is in ms. */
export function readDuration(value: string): number | undefined {
  if (value === '' || value.length > maxLength) return undefined
  const written = narrow(value).toLowerCase()
  let total = 0
  part.lastIndex = 0
  while (part.lastIndex < written.length) {
    const [, amount = '', name = ''] = part.exec(written) ?? []
    const ms = unitMs.get(name)
    if (ms === undefined) return undefined
    total += Number(amount) * ms
  }
  return Number.isFinite(total) ? total : undefined
}

const dayOffsets = byWord(['yesterday', -1], ['today', 0], ['tomorrow', 1], ['dayAfterTomorrow', 2])
const clockPattern = /^([01]?\d|2[0-3]):([0-5]\d)$/
const datePattern =
  /^(\d{4})-(0\d|1[0-2])-([0-2]\d|3[01])(?:[T ]((?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?))?$/

/**
 * Reads `2026-01-31`, `2026-01-31T08:00`, `08:00` (today) or `tomorrow`, in the zone of the machine where none
 * is written. A day that no calendar has is none.
 *
 * @param now - Ms since 1970.
 */
export function readDate(written: string, now: number): Date | undefined {
  const value = narrow(written)
  const midnight = new Date(now)
  midnight.setHours(0, 0, 0, 0)
  const offset = dayOffsets.get(value.toLowerCase())
  if (offset !== undefined) {
    midnight.setDate(midnight.getDate() + offset)
    return midnight
  }
  const [, hours, minutes] = clockPattern.exec(value) ?? []
  if (hours !== undefined && minutes !== undefined) {
    midnight.setHours(Number(hours), Number(minutes))
    return midnight
  }
  const [, year = '', month = '', day = '', time = '00:00'] = datePattern.exec(value) ?? []
  if (year === '' || !isRealDay(Number(year), Number(month), Number(day))) return undefined
  return new Date(`${year}-${month}-${day}T${time}`)
}

function isRealDay(year: number, month: number, day: number): boolean {
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  return month > 0 && day > 0 && date.getUTCMonth() === month - 1
}

/** What each of the words for something stands for. */
function byWord(...values: readonly (readonly [WordKey, number])[]): ReadonlyMap<string, number> {
  return new Map(values.flatMap(([key, value]) => wordsFor(key).map((word) => [word, value])))
}
