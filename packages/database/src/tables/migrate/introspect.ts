import type { Engine, Row, Statement, Transaction, ValueType } from '../../engine/engine.ts'
import type { ColumnDeclaration, TableDeclaration, TableDeclarations } from '../declaration.ts'
import { realTableName } from '../names.ts'
import { columnType } from '../sql-types.ts'

/**
 * The tables as numbered steps have left them. What databases do not tell, such as what a column refers to, is taken
 * to be as it is declared now, and indexes as missing.
 */
export async function introspect(
  engine: Engine,
  transaction: Transaction,
  owner: string,
  before: TableDeclarations,
  now: TableDeclarations,
): Promise<TableDeclarations> {
  const tables: Record<string, TableDeclaration> = {}
  for (const name of new Set([...Object.keys(before), ...Object.keys(now)])) {
    const { rows } = await transaction.run(columnsQuery(engine.kind, realTableName(owner, name)))
    if (rows.length > 0) tables[name] = found(engine.kind, rows, now[name] ?? before[name])
  }
  return tables
}

function columnsQuery(kind: Engine['kind'], table: string): Statement {
  if (kind === 'sqlite') {
    const columns = '"name", "type", "notnull" as "required", "pk" as "key"'
    return { sql: `select ${columns} from pragma_table_info($1)`, parameters: [table] }
  }
  const sql = `select a.attname::text as "name", format_type(a.atttypid, a.atttypmod) as "type",
    case when a.attnotnull then 1 else 0 end as "required",
    coalesce(array_position(i.indkey::int2[], a.attnum), -1) + 1 as "key"
    from pg_attribute a left join pg_index i on i.indrelid = a.attrelid and i.indisprimary
    where a.attrelid = to_regclass($1) and a.attnum > 0 and not a.attisdropped order by a.attnum`
  return { sql, parameters: [`"${table}"`] }
}

function found(
  kind: Engine['kind'],
  rows: readonly Row[],
  declaration: TableDeclaration | undefined,
): TableDeclaration {
  const columns = rows.map((row) => {
    const name = String(row['name'])
    const declared = declaration?.columns[name]
    const key = Number(row['key']) > 0
    return [name, column(kind, String(row['type']), key || Number(row['required']) === 1, declared)] as const
  })
  const keys = rows
    .filter((row) => Number(row['key']) > 0)
    .sort((a, b) => Number(a['key']) - Number(b['key']))
    .map((row) => String(row['name']))
  return { columns: Object.fromEntries(columns), primaryKey: keys, unique: [], index: [] }
}

function column(
  kind: Engine['kind'],
  type: string,
  required: boolean,
  declared: ColumnDeclaration | undefined,
): ColumnDeclaration {
  const wanted = declared?.type ?? 'text'
  const is = fits(kind, type, wanted) ? wanted : (types.find((one) => fits(kind, type, one)) ?? 'text')
  return {
    type: is,
    ...(required ? {} : { nullable: true }),
    ...(declared?.id === undefined ? {} : { id: declared.id }),
    ...(declared?.references === undefined ? {} : { references: declared.references }),
  }
}

const types: readonly ValueType[] = ['int', 'bigint', 'real', 'text', 'bool', 'time', 'json', 'bytes']

function fits(kind: Engine['kind'], type: string, wanted: ValueType): boolean {
  const [name = ''] = columnType(kind, wanted).split(' collate')
  return name.toLowerCase() === type.toLowerCase()
}
