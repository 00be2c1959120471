const chinaOffsetMs = 8 * 3_600_000

/** RFC 3339 in the zone the platform writes, for example `2026-09-01T10:20:30+08:00`. */
export const rfc3339 = (ms: number): string =>
  `${new Date(ms + chinaOffsetMs).toISOString().slice(0, 19)}+08:00`

/** The number of the calendar day in the platform's zone: daily quotas end when it changes. */
export const dayOf = (ms: number): number => Math.floor((ms + chinaOffsetMs) / 86_400_000)
