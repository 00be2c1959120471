const sizes = [256 * 1024, 512 * 1024] as const

/** What reading twice as much costs, as the fastest of several runs on 256 KB and 512 KB of text. */
export interface Growth {
  /** Time for the longer text as a multiple of that for the shorter. */
  readonly ratio: number
  /** For the longer text, in ms. */
  readonly ms: number
}

/** Measures a reader on a text that is made of one piece again and again; stops once it is good enough. */
export function growthOf(read: (text: string) => unknown, piece: string, tail = ''): Growth {
  const [short = '', long = ''] = sizes.map((size) => piece.repeat(Math.ceil(size / piece.length)) + tail)
  let shortest = Infinity
  let best: Growth = { ratio: Infinity, ms: Infinity }
  for (let run = 0; run < 12; run += 1) {
    shortest = Math.min(
      shortest,
      timeOf(() => read(short)),
    )
    const ms = Math.min(
      best.ms,
      timeOf(() => read(long)),
    )
    // Below 250 ms, caches and the collector of garbage are what is measured; what is not linear takes
    // seconds or minutes.
    best = { ratio: ms < 250 ? 1 : ms / shortest, ms }
    if (run >= 2 && best.ratio <= 2.2 && best.ms < 250) break
  }
  return best
}

/** Time of the processor, in ms, which other work on the machine does not change. */
function timeOf(run: () => unknown): number {
  const before = process.cpuUsage()
  run()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}
