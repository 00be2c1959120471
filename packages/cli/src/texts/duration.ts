import type { Locale } from './locale.ts'

const units: readonly (readonly [unit: 'day' | 'hour' | 'minute' | 'second', ms: number])[] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
]

/** A time for people, by its two largest units: `3 hours 20 minutes`. */
export function formatDuration(ms: number, locale: Locale): string {
  const first = Math.max(
    units.findIndex(([, length]) => ms >= length),
    0,
  )
  const index = ms < 1000 ? units.length - 1 : first
  let rest = ms
  const parts = units.slice(index, index + 2).map(([unit, length]) => {
    const count = Math.floor(rest / length)
    rest -= count * length
    return { unit, count }
  })
  const shown = parts.filter(({ count }, position) => position === 0 || count > 0)
  return shown
    .map(({ unit, count }) =>
      new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(count),
    )
    .join(' ')
}
