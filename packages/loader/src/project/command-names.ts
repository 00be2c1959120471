import type { App } from '@mynah/core'

import { nearest } from '../config/nearest.ts'

/**
 * What the config changes about commands that no plugin declares, as warnings.
 *
 * @param isComplete - Whether all plugins are there; what another one declares may be what is meant otherwise.
 */
export function unknownCommands(app: App, isComplete: boolean): string[] {
  const known = new Set(
    app.inspect.commands.flatMap(({ plugin, declaredName }) => [declaredName, `${plugin}/${declaredName}`]),
  )
  const active = new Set(
    Array.from(app.instances).flatMap(({ name, state }) => (state === 'active' ? [name] : [])),
  )
  const isSettled = isComplete && Array.from(app.instances).every(({ state }) => state === 'active')
  return Object.keys(app.inspect.commandOverrides).flatMap((key) => {
    const slash = key.indexOf('/')
    const mayCome = slash < 0 ? !isSettled : !isSettled && !active.has(key.slice(0, slash))
    return known.has(key) || mayCome
      ? []
      : [`commands.${key} changes nothing: ${whatInstead(app, key, known)}`]
  })
}

function whatInstead(app: App, key: string, known: ReadonlySet<string>): string {
  const named = app.inspect.command(key)
  if (named !== undefined) {
    return `"${key}" is another name of the command "${named.declaredName}" of ${named.plugin}; write commands.${named.declaredName}`
  }
  const near = nearest(key, known)
  return `there is no such command${near.length === 0 ? '' : `; did you mean ${near.join(' or ')}?`}`
}
