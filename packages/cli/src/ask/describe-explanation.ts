import type { Explanation } from '@mynah/control'
import { printable } from '@mynah/core'

import type { Texts } from '../texts/texts.ts'

/** What was decided about a message, for people: the reason first, then every step. */
export function describeExplanation(explanation: Explanation, { locale, explain, status }: Texts): string {
  const { account, receivedAt, isAnswered, reason, notRunning, steps } = explanation
  const time = new Date(receivedAt).toLocaleString(locale)
  const [user, place, text] = [explanation.user, explanation.place, explanation.text].map((words) =>
    printable(words, ' '),
  )
  return [
    explain.wrote({ time, user: user ?? '', place: place ?? '', text: text ?? '', account }),
    '',
    ...(isAnswered ? [explain.answered] : []),
    ...(reason === undefined ? [] : [reasonLine(reason, explain.reasons)]),
    ...(notRunning.length === 0 ? [] : ['', explain.notRunning]),
    ...notRunning.map(({ id, state, waitsFor, error }) => {
      const why = waitsFor.length > 0 ? status.waitsFor(waitsFor.join(', ')) : (error?.message ?? state)
      return `  ${id}: ${printable(why, '    ')}`
    }),
    '',
    explain.steps,
    ...steps.map(({ kind, label, detail, atMs, tookMs }) => {
      const took = tookMs === undefined ? '' : ` (${Math.round(tookMs)} ms)`
      const what = [label, detail].filter(Boolean).join(': ')
      return `${String(Math.round(atMs)).padStart(6)} ms  ${kind.padEnd(14)} ${printable(what, ' ')}${took}`
    }),
  ].join('\n')
}

function reasonLine(
  { code, by, detail }: NonNullable<Explanation['reason']>,
  reasons: Readonly<Record<string, (by: string, detail: string) => string>>,
): string {
  return printable(reasons[code]?.(by, detail) ?? [code, by, detail].join(' '), '')
}
