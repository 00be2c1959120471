const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const

/** A length of time as people say it, in its two largest units and never too short: `3 minutes 5 seconds`. */
export function formatDuration(ms: number, locale: string): string {
  let rest = Math.max(1, Math.ceil(ms / 1000)) * 1000
  const largest = units.findIndex(([, length]) => rest >= length)
  const smallest = units[largest + 1]?.[1] ?? 1000
  rest = Math.ceil(rest / smallest) * smallest
  const parts: string[] = []
  for (const [unit, length] of units) {
    const amount = Math.floor(rest / length)
    rest -= amount * length
    if (amount > 0) {
      parts.push(new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(amount))
    }
  }
  return new Intl.ListFormat(locale, { type: 'unit', style: 'narrow' }).format(parts)
}
