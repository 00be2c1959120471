/** What is wrong with a name. */
export type NameProblem = 'empty' | 'long' | 'start' | 'characters' | 'reserved'

const reserved = new Set(['node_modules', 'favicon.ico'])

/** Checks a name by npm's rules for new packages; `undefined` when it may be used. */
export function nameProblem(name: string): NameProblem | undefined {
  if (name === '') return 'empty'
  if (name.length > 214) return 'long'
  if (/^[._-]/.test(name)) return 'start'
  if (!/^[a-z0-9._-]+$/.test(name)) return 'characters'
  return reserved.has(name) ? 'reserved' : undefined
}

/** The nearest name that may be used; `my-bot` when nothing is left of it. */
export function suggestName(name: string): string {
  const cleaned = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replaceAll(/^[._-]+|[._-]+$/g, '')
    .slice(0, 214)
  return nameProblem(cleaned) === undefined ? cleaned : 'my-bot'
}
