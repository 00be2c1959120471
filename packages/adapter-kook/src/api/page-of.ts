import { MynahError, type Page } from '@mynah/core'

import { hasNext, type PagedList } from '../http.ts'

/**
 * One page of a list as plugins know it; `next` is the number of the page.
 *
 * @throws MynahError `API_REJECTED` (as a rejection) for a `next` that no page gave.
 */
export async function pageOf<Wire, T>(
  list: PagedList<Wire>,
  next: string | undefined,
  decode: (item: Wire) => T,
): Promise<Page<T>> {
  const number = next === undefined ? 1 : Number(next)
  if (!Number.isSafeInteger(number) || number < 1)
    throw new MynahError('API_REJECTED', `"${next}" is no page; take the "next" of the page before.`)
  const page = await list.page(number)
  return {
    data: page.items.map((item) => decode(item)),
    ...(hasNext(page) ? { next: String(number + 1) } : {}),
  }
}
