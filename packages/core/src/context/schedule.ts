import { Cron } from 'croner'

/** Times of a cron pattern. */
export interface Schedule {
  /** The first time behind a moment; `undefined` when there is none. */
  next(after: Date): Date | undefined
}

/**
 * Reads a pattern. A job of every hour, or of some minutes of it, runs also in the hour that clocks show twice when
 * summer time ends; a job of a certain hour runs there once.
 *
 * @param timezone - IANA name; the zone of the machine when left out.
 * @throws RangeError or TypeError when the pattern or the zone cannot be read.
 */
export function readSchedule(pattern: string, timezone: string | undefined): Schedule {
  const cron = new Cron(pattern, timezone === undefined ? {} : { timezone })
  const offsetAt = offsetReader(timezone)
  offsetAt(new Date())
  if (!isOfEveryHour(pattern)) return { next: (after) => cron.nextRun(after) ?? undefined }
  const nextAt = (after: Date, utcOffset: number): Date | undefined =>
    new Cron(pattern, { utcOffset }).nextRun(after) ?? undefined
  return {
    next(after) {
      const offset = offsetAt(after)
      const found = nextAt(after, offset)
      if (found === undefined || offsetAt(found) === offset) return found
      // The clocks move before it: it counts by what they show then.
      const offsetThen = offsetAt(found)
      let next = nextAt(after, offsetThen)
      while (next !== undefined && offsetAt(next) !== offsetThen) next = nextAt(next, offsetThen)
      return next
    },
  }
}

function isOfEveryHour(pattern: string): boolean {
  const fields = pattern.trim().split(/\s+/)
  if (fields.length === 1) return fields[0]?.toLowerCase() === '@hourly'
  return (fields.length === 5 ? fields[1] : fields[2]) === '*'
}

/** Tells how far a zone is ahead of UTC at a moment, in minutes. */
function offsetReader(timezone: string | undefined): (at: Date) => number {
  if (timezone === undefined) return (at) => -at.getTimezoneOffset()
  const format = new Intl.DateTimeFormat('en', { timeZone: timezone, timeZoneName: 'longOffset' })
  return (at) => {
    const name = format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? ''
    const [, sign, hours = '0', minutes = '0'] = /([+-])(\d+):(\d+)/.exec(name) ?? []
    return (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1)
  }
}
