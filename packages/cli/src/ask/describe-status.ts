import type { BotStatus } from '@mynah/control'
import { printable } from '@mynah/core'

import { formatDuration } from '../texts/duration.ts'
import type { Texts } from '../texts/texts.ts'

const mebibyte = 2 ** 20

/** How a bot is, for people. */
export function describeStatus(status: BotStatus, texts: Texts, now: number): string {
  const { locale, status: words } = texts
  const { pid, mode, root, startedAt, version, node, residentBytes, accounts, entries } = status
  const ago = (since: number): string => formatDuration(Math.max(now - since, 0), locale)
  const accountRows = accounts.map(({ key, name, status: state, lastEventAt, refused }) => [
    key,
    name ?? '',
    stateWord(words.states, state),
    lastEventAt === undefined ? '' : words.lastEvent(ago(lastEventAt)),
    refused === 0 ? '' : words.refused(refused),
  ])
  const entryRows = entries.map(({ id, state, waitsFor, error }) => [
    id,
    waitsFor.length > 0 ? words.waitsFor(waitsFor.join(', ')) : stateWord(words.states, state),
    error === undefined ? '' : [error.code, error.message].filter(Boolean).join(': '),
  ])
  return [
    words.runs({ pid, mode, root: printable(root, ''), since: ago(startedAt) }),
    `Mynah ${version}, Node ${node}, ${Math.round(residentBytes / mebibyte)} MiB`,
    ...(status.isReady ? [] : [words.starting]),
    '',
    words.accounts,
    ...(accounts.length === 0 ? [`  ${words.noAccounts}`] : table(accountRows)),
    '',
    words.plugins,
    ...table(entryRows),
    '',
    words.events(status.running, status.queued),
  ].join('\n')
}

function stateWord(words: Readonly<Record<string, string>>, state: string): string {
  return words[state] ?? state
}

/** Rows with their columns below each other. */
function table(rows: readonly (readonly string[])[]): string[] {
  const shown = rows.map((row) => row.map((cell) => printable(cell, ' ')))
  const widths = shown[0]?.map((_, column) => Math.max(...shown.map((row) => widthOf(row[column] ?? ''))))
  return shown.map((row) =>
    `  ${row.map((cell, column) => cell + ' '.repeat((widths?.[column] ?? 0) - widthOf(cell))).join('  ')}`.trimEnd(),
  )
}

/** Columns that a text takes on a terminal: Chinese characters take two. */
function widthOf(text: string): number {
  return Array.from(text).reduce(
    (sum, character) => sum + (/[\u1100-\u115F\u2E80-\uFFDC]/u.test(character) ? 2 : 1),
    0,
  )
}
