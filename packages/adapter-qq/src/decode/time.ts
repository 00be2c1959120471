const goTime = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?) ([+-]\d\d)(\d\d)\b/

/**
 * Reads any time the platform writes: RFC 3339, Unix seconds or ms as number or text, and Go's
 * `2024-01-02 10:20:30 +0800 CST m=+1.2`.
 *
 * @returns Ms since 1970; `undefined` when it cannot be read.
 */
export function parseTime(value: unknown): number | undefined {
  if (typeof value === 'number') return fromNumber(value)
  if (typeof value !== 'string') return undefined
  const text = value.trim()
  if (/^\d+$/.test(text)) return fromNumber(Number(text))
  const go = goTime.exec(text)
  const ms = Date.parse(go === null ? text : `${go[1]}T${go[2]}${go[3]}:${go[4]}`)
  return Number.isNaN(ms) ? undefined : ms
}

/** The last moment that a date can name, in ms since 1970. */
const lastMoment = 8.64e15

/** Seconds and ms lie so far apart that their size tells them apart until the year 5138. */
function fromNumber(value: number): number | undefined {
  if (!(value > 0 && value <= lastMoment)) return undefined
  return value < 1e11 ? Math.round(value * 1000) : Math.round(value)
}
