import { t } from '../../src/tables/column.ts'
import { table } from '../../src/tables/table.ts'

const wallets = table(
  {
    user: t.text().primaryKey(),
    coins: t.int().default(0),
    big: t.bigint().default(0n),
    rate: t.real().default(0.5),
    vip: t.bool().default(false),
    signedAt: t.time().nullable(),
    prefs: t.json<unknown>().default({ quiet: false }),
    photo: t.bytes().nullable(),
    nick: t.text().nullable(),
  },
  { index: [['coins', 'user']] },
)

const ledger = table(
  {
    id: t.id(),
    user: t.text().references('wallets.user', { onDelete: 'cascade' }),
    delta: t.int(),
    reason: t.text().default('sign'),
    at: t.time().defaultNow(),
  },
  { index: [['user', 'at']], unique: [['user', 'reason', 'delta']] },
)

/** Two tables with a column of every type. */
export const everyType = { wallets, ledger }
