import { expect, it } from 'vitest'

import { PagedList } from '../http.ts'
import { pageOf } from './page-of.ts'

const list = new PagedList((page) =>
  Promise.resolve({ items: [page], meta: { page, page_total: 2, page_size: 1, total: 2 } }),
)

it('goes from page to page', async () => {
  expect(await pageOf(list, undefined, String)).toEqual({ data: ['1'], next: '2' })
  expect(await pageOf(list, '2', String)).toEqual({ data: ['2'] })
})

it.each(['', 'x', '0', '-1', '1.5'])('refuses %j, which no page gave', async (next) => {
  await expect(pageOf(list, next, String)).rejects.toMatchObject({ code: 'API_REJECTED' })
})
