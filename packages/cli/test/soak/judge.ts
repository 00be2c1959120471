/** The platforms of a trial. */
export const platforms = ['qq', 'kook'] as const

/** One of {@link platforms}. */
export type Platform = (typeof platforms)[number]

/** One time that the handler of an event ran. */
export interface Handling {
  /** Process of the bot. */
  readonly run: number
  /** Whether it was marked as one that may have been handled before. */
  readonly redelivered: boolean
  /** When it ended, or began to wait for a person, in ms since 1970; `undefined` where it did neither. */
  readonly settledAt: number | undefined
}

/** Something that somebody said. */
export interface Said {
  readonly name: string
  readonly platform: Platform
  /** How many runs had been killed before the one that was there; `undefined` where none was. */
  readonly run: number | undefined
}

/** A run that was killed. */
export interface Death {
  readonly run: number
  /** When what it had stored was written, in ms since 1970: what was settled before that is in it. */
  readonly storedAt: Readonly<Record<Platform, number>>
}

/** How an event stood when a run was killed; `notBegun` is also what was said while no run was there. */
export type Class = 'notBegun' | 'underWay' | 'justSettled' | 'settled'

/** What became of all events. */
export interface Verdict {
  /** How many events there were of each class; one that came again has several. */
  readonly counts: Readonly<Record<Class, number>>
  /** How many handlings were marked as ones that may have been before. */
  readonly marked: number
  /** What should not be, in words. */
  readonly faults: readonly string[]
}

/**
 * Says whether each event was handled as often as it may be: once where its handler had not begun when a bot was killed,
 * or was settled and stored; again, and marked, where it was under way; and once or again, marked, where it was settled
 * behind what was stored.
 */
export function judge(
  said: readonly Said[],
  handlings: ReadonlyMap<string, readonly Handling[]>,
  deaths: readonly Death[],
): Verdict {
  const counts = { notBegun: 0, underWay: 0, justSettled: 0, settled: 0 }
  const faults: string[] = []
  const indexOf = ({ run }: Handling): number => {
    const index = deaths.findIndex((death) => death.run === run)
    return index < 0 ? deaths.length : index
  }
  for (const { name, platform, run } of said) {
    const times = handlings.get(name) ?? []
    const [first] = times
    if (first === undefined) faults.push(`${name} was never handled`)
    else if (run === undefined || indexOf(first) > run) counts.notBegun += 1
    for (const [index, handling] of times.entries()) {
      const next = times[index + 1]
      const death = deaths.find(({ run }) => run === handling.run)
      const state = classOf(handling, death?.storedAt[platform])
      if (death !== undefined) counts[state] += 1
      if (next === undefined && state === 'underWay')
        faults.push(`${name} was under way and did not come again`)
      if (next === undefined) continue
      if (next.run === handling.run) faults.push(`${name} was handled twice by one run`)
      if (state === 'settled') faults.push(`${name} was settled and stored, and handled again`)
      if (!next.redelivered) faults.push(`${name} was handled again without a mark`)
    }
  }
  const marked = Array.from(handlings.values())
    .flat()
    .filter(({ redelivered }) => redelivered).length
  return { counts, marked, faults }
}

function classOf({ settledAt }: Handling, storedAt: number | undefined): Class {
  if (settledAt === undefined) return 'underWay'
  return storedAt === undefined || settledAt < storedAt ? 'settled' : 'justSettled'
}
