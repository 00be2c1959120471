import { MynahError } from '../errors/mynah-error.ts'
import { all, any } from '../filter/combine.ts'
import { compileFilter, type FilterSpec } from '../filter/filter.ts'
import type { Permission } from './permission.ts'
import { account, direct, everyone, guildAdmin, guildOwner, role, superuser } from './predicates.ts'

/** People by where they are and who they are: every key that is given has to fit. */
export interface GrantRule extends FilterSpec {
  /** Rank (`owner`, `admin`, `member`) or id of one of the platform's roles; one of several. */
  readonly role?: string | readonly string[] | undefined
}

/**
 * People as a config names them: `everyone`, `superuser`, `guild-owner`, `guild-admin`, `direct`, one person as
 * `platform:user`, or a rule.
 */
export type Grant = string | GrantRule

const words: ReadonlyMap<string, Permission> = new Map(
  Object.entries({
    everyone,
    superuser,
    'guild-owner': guildOwner,
    'guild-admin': guildAdmin,
    direct,
  }),
)

/**
 * Makes a permission of the people that a config names; it allows any of them.
 *
 * @throws MynahError `CONFIG_INVALID` for a name that means nobody, and for a rule without a key.
 */
export function compileGrants(grants: Grant | readonly Grant[]): Permission {
  const list = isList(grants) ? grants : [grants]
  const [first, ...others] = list.map(compileGrant)
  return first !== undefined && others.length === 0
    ? first
    : any(...(first === undefined ? [] : [first, ...others]))
}

function isList(grants: Grant | readonly Grant[]): grants is readonly Grant[] {
  return Array.isArray(grants)
}

function compileGrant(grant: Grant): Permission {
  if (typeof grant === 'string') {
    const permission = words.get(grant) ?? (/^[^:]+:./.test(grant) ? account(grant) : undefined)
    if (permission !== undefined) return permission
    throw new MynahError(
      'CONFIG_INVALID',
      `"${grant}" names nobody; write ${Array.from(words.keys()).join(', ')}, or a person as platform:user.`,
    )
  }
  const { role: wanted, ...where } = grant
  if (Object.values(grant).every((value) => value === undefined)) {
    throw new MynahError(
      'CONFIG_INVALID',
      'A rule without keys would fit everybody; write "everyone" for that.',
    )
  }
  const filter = compileFilter(where)
  if (wanted === undefined) return filter
  const roles = typeof wanted === 'string' ? [wanted] : wanted
  return all(filter, any(...roles.map((name) => role(name))))
}
