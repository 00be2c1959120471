import { relative } from 'node:path'

import type { ReloadReport } from './reloader.ts'

/** A line about a reload. */
export interface ReloadLine {
  /** How much it matters. */
  readonly level: 'info' | 'warn' | 'error'
  /** One line. */
  readonly text: string
}

/** What a reload did, in words: what, why, how long it took, what is new, and what was left behind. */
export function describeReload(report: ReloadReport, root: string): ReloadLine[] {
  const { kind, name, files, durationMs, error, missing } = report
  const why = files.length > 3 ? `${files.length} files` : files.join(', ')
  if (error !== undefined) return [{ level: 'error', text: describeFailure(report, why, error.message) }]
  if (kind === 'waiting') {
    const services = missing.length === 1 ? `service ${missing[0]}` : `services ${missing.join(', ')}`
    return [
      { level: 'warn', text: `${name} (${why}) waits for the ${services}; no running plugin provides that` },
    ]
  }
  const news = [
    ...report.commandsAdded.map((command) => `+${command}`),
    ...report.commandsGone.map((command) => `-${command}`),
  ]
  const tail = news.length === 0 ? '' : ` [${news.join(' ')}]`
  const leaks = report.leaks.map(({ type, source }): ReloadLine => {
    const place =
      source === undefined
        ? 'in the background'
        : `at ${relative(root, source.file)}:${source.line}:${source.column}`
    const advice = 'use ctx (ctx.setInterval, ctx.effect) so that it ends with the plugin'
    return { level: 'warn', text: `${name} left a ${type} behind, made ${place}; ${advice}` }
  })
  const issues = report.issues.map(({ message }): ReloadLine => ({ level: 'error', text: message }))
  const done: ReloadLine = {
    level: 'info',
    text: `${kind} ${name} (${why}) in ${durationMs.toFixed(1)} ms${tail}`,
  }
  return [done, ...issues, ...leaks]
}

function describeFailure({ name, oldGoesOn }: ReloadReport, why: string, message: string): string {
  return oldGoesOn
    ? `${name} was not reloaded (${why}), the old version goes on: ${message}`
    : `${name} was not loaded (${why}), nothing of it runs: ${message}`
}
