import type { App } from '@mynah/core'

/** Who is named; the others are counted. */
const maxShown = 12

/**
 * In which order messages meet the middlewares, in one line: `Messages pass antispam [guard], levels, stats [observe]`. What
 * a plugin calls its middleware stands there where that tells more than its own name.
 *
 * @returns `undefined` where there are less than two, and so no order.
 */
export function describeOrder({ inspect }: App): string | undefined {
  const { middlewares } = inspect
  if (middlewares.length < 2) return undefined
  const names = middlewares.map(({ plugin, name, stage }) => {
    const label = name === 'middleware' || name === plugin ? plugin : `${plugin} (${name})`
    return stage === 'normal' ? label : `${label} [${stage}]`
  })
  // Several of one plugin in a row are said once.
  const told = names.filter((name, index) => name !== names[index - 1])
  const more = told.length > maxShown ? `, and ${told.length - maxShown} more` : ''
  return `Messages pass ${told.slice(0, maxShown).join(', ')}${more}`
}
