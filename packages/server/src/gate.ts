import type { Clock } from '@mynah/core'
import { deferred } from '@mynah/core/adapter'

/** How many may be under way at a time. */
export interface GateLimits {
  readonly perRoute: number
  readonly perAddress: number
}

/** Who fits in no more takes the place of one that has been under way for longer than this, in ms. */
const graceMs = 1000

/** One thing that is under way. */
export class Place {
  readonly since: number
  /** Resolves when somebody else needs the place. */
  readonly evicted: Promise<'evicted'>
  readonly evict: () => void
  readonly leave: () => void

  constructor(since: number, leave: () => void) {
    this.since = since
    this.leave = leave
    const told = deferred<'evicted'>()
    this.evicted = told.promise
    this.evict = () => {
      leave()
      told.resolve('evicted')
    }
  }
}

/**
 * Bounds how many things are under way, by route and by address, so that nobody takes the places of others.
 * Nobody waits. Where it is full, the one that has been slow for longest makes room; who does not fit in then
 * is turned away.
 */
export class Gate {
  readonly #limits: GateLimits
  readonly #clock: Clock
  readonly #byRoute = new Map<unknown, Set<Place>>()
  readonly #byAddress = new Map<unknown, Set<Place>>()

  constructor(limits: GateLimits, clock: Clock) {
    this.#limits = limits
    this.#clock = clock
  }

  /** A place, which has to be left; `undefined` when there is no room. */
  enter(route: unknown, address: string): Place | undefined {
    const { perRoute, perAddress } = this.#limits
    const now = this.#clock.monotonic()
    if (!hasRoom(this.#byAddress.get(address), perAddress, now)) return undefined
    if (!hasRoom(this.#byRoute.get(route), perRoute, now)) return undefined
    const place: Place = new Place(now, () => {
      remove(this.#byRoute, route, place)
      remove(this.#byAddress, address, place)
    })
    add(this.#byRoute, route, place)
    add(this.#byAddress, address, place)
    return place
  }
}

/** Makes room when it can. */
function hasRoom(places: ReadonlySet<Place> | undefined, limit: number, now: number): boolean {
  if (places === undefined || places.size < limit) return true
  const [oldest] = places
  if (oldest === undefined || now - oldest.since < graceMs) return false
  oldest.evict()
  return true
}

function add(places: Map<unknown, Set<Place>>, key: unknown, place: Place): void {
  const known = places.get(key)
  if (known === undefined) places.set(key, new Set([place]))
  else known.add(place)
}

function remove(places: Map<unknown, Set<Place>>, key: unknown, place: Place): void {
  const known = places.get(key)
  known?.delete(place)
  if (known?.size === 0) places.delete(key)
}
