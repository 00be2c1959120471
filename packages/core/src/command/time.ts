const unitMs: ReadonlyMap<string, number> = new Map(
  Object.entries({
    ms: 1,
    毫秒: 1,
    s: 1000,
    秒: 1000,
    m: 60_000,
    分: 60_000,
    分钟: 60_000,
    h: 3_600_000,
    时: 3_600_000,
    小时: 3_600_000,
    d: 86_400_000,
    天: 86_400_000,
    w: 604_800_000,
    周: 604_800_000,
  }),
)

const unit = 'ms|[smhdw]|毫秒|秒|分钟|分|小时|时|天|周'
const durationPattern = new RegExp(`^(?:\\d+(?:\\.\\d+)?(?:${unit}))+$`, 'i')
const partPattern = new RegExp(`(\\d+(?:\\.\\d+)?)(${unit})`, 'gi')

/** Reads `90s`, `1h30m`, `2d`, `10分钟`; the result is in ms. */
export function readDuration(value: string): number | undefined {
  if (!durationPattern.test(value)) return undefined
  let total = 0
  for (const [, amount = '', name = ''] of value.matchAll(partPattern)) {
    total += Number(amount) * (unitMs.get(name.toLowerCase()) ?? 0)
  }
  return Number.isFinite(total) ? total : undefined
}

const dayNames: ReadonlyMap<string, number> = new Map(
  Object.entries({ yesterday: -1, today: 0, tomorrow: 1, 昨天: -1, 今天: 0, 明天: 1, 后天: 2 }),
)
const clockPattern = /^([01]?\d|2[0-3]):([0-5]\d)$/
const datePattern =
  /^(\d{4})-(0\d|1[0-2])-([0-2]\d|3[01])(?:[T ]((?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?))?$/

/**
 * Reads `2026-01-31`, `2026-01-31T08:00`, `08:00` (today) or `tomorrow`, in the zone of the machine where none
 * is written. A day that no calendar has is none.
 *
 * @param now - Ms since 1970.
 */
export function readDate(value: string, now: number): Date | undefined {
  const midnight = new Date(now)
  midnight.setHours(0, 0, 0, 0)
  const offset = dayNames.get(value.toLowerCase())
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
