/** Names of fields whose values never belong into a log, however they are written: `accessToken`, `X-API-Key`. */
const secretName =
  /token|secret|passw(?:or)?d|passphrase|authori[sz]ation|credential|cookie|encrypt[-_]?key|(?:api|app|access|private|verify)[-_]?key/i

/** Deeper values are not written at all. */
const maxDepth = 6

const hidden = '[secret]'

/** A copy of fields in which those whose name says that they are secret are replaced; the same where none is. */
export function withoutSecretFields(fields: Record<string, unknown>): Record<string, unknown> {
  return withoutSecretsIn(fields, 0)
}

function replaced(value: unknown, depth: number): unknown {
  if (depth === maxDepth || typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return withoutSecretItems(value, depth)
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null ? withoutSecretsIn(value, depth) : value
}

function withoutSecretItems(items: readonly unknown[], depth: number): unknown[] {
  return items.map((item) => replaced(item, depth + 1))
}

function withoutSecretsIn<T extends object>(fields: T, depth: number): T {
  let changed: Record<string, unknown> | undefined
  for (const [name, value] of Object.entries(fields)) {
    const isSecret = secretName.test(name) && typeof value === 'string' && value !== ''
    const shown: unknown = isSecret ? hidden : replaced(value, depth + 1)
    if (shown !== value) (changed ??= {})[name] = shown
  }
  return changed === undefined ? fields : { ...fields, ...changed }
}

/** Texts in a line of JSON, and whether each is the name of a field. */
const textInJson = /"((?:[^"\\]|\\.)*)"(\s*:)?/g

/** Shorter secrets are hidden only where they stand alone: they are in many words and numbers. */
const shortLength = 6

/** Secrets that are known by their value. */
export class Secrets {
  /** As they stand in a text of a line of JSON. */
  readonly #forms = new Set<string>()
  #pattern: RegExp | undefined

  /** From now on this text is hidden, also where it is encoded; a key of many lines line by line. */
  add(value: string): void {
    if (value === '') return
    const lines = value.includes('\n') ? value.split('\n').filter((line) => line.length > 15) : []
    for (const secret of [value, ...lines]) {
      for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')]) {
        const escaped = JSON.stringify(form).slice(1, -1)
        this.#forms.add(escaped)
        // JSON in a text of JSON.
        this.#forms.add(JSON.stringify(escaped).slice(1, -1))
      }
    }
    const longestFirst = Array.from(this.#forms).toSorted((a, b) => b.length - a.length)
    this.#pattern = new RegExp(longestFirst.map(patternOf).join('|'), 'g')
  }

  /** A line of JSON with all secrets in its texts hidden; it stays JSON. */
  hide(line: string): string {
    const pattern = this.#pattern
    if (pattern === undefined || line.search(pattern) < 0) return line
    return line.replaceAll(textInJson, (whole, text: string, colon: string | undefined) =>
      colon === undefined ? `"${text.replaceAll(pattern, hidden)}"` : whole,
    )
  }
}

function patternOf(form: string): string {
  const escaped = form.replaceAll(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`)
  return form.length < shortLength ? String.raw`(?<![\w-])${escaped}(?![\w-])` : escaped
}
