import { styleText } from 'node:util'

import { printable } from '@mynah/core'

import type { LogEntry } from './entry.ts'

type Style = Parameters<typeof styleText>[0]

const levels: readonly (readonly [from: number, name: string, style: Style])[] = [
  [60, 'FATAL', ['bgRed', 'white']],
  [50, 'ERROR', 'red'],
  [40, 'WARN', 'yellow'],
  [30, 'INFO', 'green'],
  [20, 'DEBUG', 'blue'],
  [0, 'TRACE', 'gray'],
]

/** In front of further lines of an entry. */
const indent = '    '

/** What stands in the line already, or says nothing to people. */
const shown = new Set(['level', 'time', 'msg', 'plugin', 'err'])

/** How lines look on a terminal. */
export interface TerminalOptions {
  /** Whether levels and names have colours. */
  readonly useColours: boolean
  /** Whether the stacks of errors are shown. */
  readonly showStacks: boolean
}

/** A line of the log for people: time, level, plugin, message, and the fields that the message does not tell. */
export function terminalLine(entry: LogEntry, { useColours, showStacks }: TerminalOptions): string {
  const style = (format: Style, text: string): string =>
    useColours ? styleText(format, text, { validateStream: false }) : text
  const { time, level, msg = '', plugin, err } = entry
  const [, name, levelStyle] = levels.find(([from]) => level >= from) ?? [0, 'TRACE', 'gray' as const]
  const owner = typeof plugin === 'string' ? `[${printable(plugin, ' ')}] ` : ''
  const fields = fieldsOf(entry, msg)
  const extra = fields === '' ? '' : ` ${style('gray', fields)}`
  const stack =
    showStacks && typeof err?.stack === 'string'
      ? `\n    ${style('gray', printable(framesOf(err.stack), indent))}`
      : ''
  return `[${clockTime(time)}] ${style(levelStyle, name)}: ${owner}${printable(msg, indent)}${extra}${stack}\n`
}

function fieldsOf(entry: LogEntry, msg: string): string {
  return Object.entries(entry)
    .filter(([key, value]) => !shown.has(key) && !msg.includes(String(value)))
    .map(([key, value]) => `${printable(key, ' ')}=${printable(JSON.stringify(value), ' ')}`)
    .join(' ')
}

/** The frames of a stack without the message in front, which the line has told. */
function framesOf(stack: string): string {
  const lines = stack.split('\n')
  const first = lines.findIndex((line) => /^\s+(?:at |… )/.test(line))
  return (first < 0 ? lines : lines.slice(first)).map((line) => line.trim()).join('\n')
}

function clockTime(time: number): string {
  const date = new Date(time)
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':')
}
