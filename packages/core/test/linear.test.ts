import { describe, it } from 'vitest'

import {
  type ChannelType,
  degrade,
  element,
  type Element,
  escape,
  parse,
  plainText,
  render,
  segment,
  split,
  text,
  toElements,
} from '../src/index.ts'
import { readAddress } from '../src/event/address.ts'
import { ArgumentError, ArgumentTable } from '../src/command/arguments.ts'
import type { DeclaredCommand } from '../src/command/command.ts'
import { parseDeclaration, parseOption } from '../src/command/grammar.ts'
import { matchCommand } from '../src/command/match.ts'
import { type LineSpec, readCommandLine } from '../src/command/read.ts'
import { CommandRegistry } from '../src/command/registry.ts'
import { suggest } from '../src/command/suggest.ts'
import { readDate, readDuration } from '../src/command/time.ts'
import { Scope } from '../src/lifecycle/scope.ts'
import { cutMessage } from '../src/message/cut.ts'
import { writtenText } from '../src/message/element.ts'
import { unescape } from '../src/message/escape.ts'
import { markdownToText } from '../src/message/markdown.ts'
import { ask, plain } from '../src/prompt/questions.ts'
import { systemClock } from '../src/shared/clock.ts'
import { expectLinear, repeated } from '../src/testing/index.ts'

const types = new ArgumentTable(systemClock)
const command: DeclaredCommand = {
  ...parseDeclaration('c <a:user> <b:int(1..9)> <c:duration> <d:date> [rest...]'),
  parent: undefined,
  scope: new Scope({ name: 'test', onError: () => {} }),
  description: '',
  options: [
    ['x', '-x'],
    ['many', '-m <m...>'],
    ['why', '-w <w:text(..9)>'],
  ].map(([name = '', written = '']) => parseOption(name, written, '')),
  aliases: [{ name: 'help' }],
  shortcuts: [
    { phrase: 'roll the dice', preset: {} },
    { pattern: /^(?:a|b)+$/, preset: () => ({}) },
  ],
  examples: [],
  limits: [],
}
const variadic: LineSpec = { ...command, ...parseDeclaration('c [rest...]') }
const rest: LineSpec = { ...command, ...parseDeclaration('c <rest:text>'), options: [] }

function refusal(run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    if (error instanceof ArgumentError) return error.key
    throw error
  }
}

function line(of: LineSpec, content: readonly Element[]): unknown {
  return refusal(() => readCommandLine(of, content, types, { selfId: 'bot' }))
}

const addressing = { prefixes: ['/', '!!', 'bot '], nicknames: ['mynah', '小鸟'] }

function addressOf(content: readonly Element[], type: ChannelType = 'text'): unknown {
  const event = { selfId: 'bot', channel: { id: '1', type }, message: { id: '1', content } }
  return readAddress(event, addressing, () => false)
}

const shows = (...names: string[]): { elements: string[]; maxTextLength: number } => ({
  elements: names,
  maxTextLength: 2000,
})
const registry = new CommandRegistry(systemClock)
registry.declare(command)
const { table } = registry
const translate = (key: string): string => key

const markup = [
  '<',
  '<a b="',
  "<a b='<a b={",
  '<a b c ',
  '<b>',
  '<b/>x',
  '</b>',
  '<p>x</p>',
  '<br/>x',
  '<text>',
]
const markdown = [
  '![](',
  '[',
  '[a](b c',
  '[x](',
  '**a',
  '*',
  '~~',
  '`',
  '`a``',
  '```js\nx\n',
  '> ',
  '# ',
  '\\',
]
const words = [
  'a',
  'ab ',
  '" ',
  '"a\\" ',
  '“‘「„«',
  '\\',
  '-',
  '-x ',
  '-xx',
  '--many=1 ',
  '—x ',
  '1d',
  '\u200b',
]
const marks = ['a', ' ', '\u200b', '／', '@', 'mynah,', '!!', '\u0301\u0323', 'Σ', '1', '1.']

/** Readers of what somebody wrote, and what makes an input bad for them when it is repeated. */
const readers: Readonly<
  Record<string, readonly [units: readonly string[], read: (written: string) => unknown]>
> = {
  parse: [markup, (written) => parse(written)],
  render: [['<', '&', 'a'], (written) => render(written)],
  escape: [['<', '&', 'a'], (written) => escape(written)],
  unescape: [['&', '&amp;', '&#', '&#38;'], (written) => unescape(written)],
  markdownToText: [[...markdown, '[[](a)', '__a ', '\n'], (written) => markdownToText(written)],
  'degrade what was parsed': [markup, (written) => degrade(parse(written), shows('image'))],
  'words of what was parsed': [['<p>x</p>', '<b>'], (written) => writtenText(parse(written))],
  'split text': [['a', '好', 'ab ', '\n', '\u0301'], (written) => split([text(written)], 1000)],
  'split Markdown': [
    ['a', '~~', '```js\nx\n', '`', '\n'],
    (written) => split([segment.markdown(written)], 1000),
  ],
  'split what was parsed': [
    markup,
    (written) => cutMessage(parse(written), shows('b', 'a', 'br', 'p'), 1000),
  ],
  'arguments and options': [
    words,
    (written) => line(command, [segment.at('1'), text(` 5 1h 2026-01-01 ${written}`)]),
  ],
  'many arguments': [words, (written) => line(variadic, [text(written)])],
  'the rest as a text': [[' ', '\u200b', 'a'], (written) => line(rest, [text(written), segment.at('bot')])],
  'one argument': [[...words, '1', '.1', 'e1'], (written) => line(command, [text(written)])],
  address: [marks, (written) => addressOf([text(written)])],
  'name of a command': [marks, (written) => matchCommand(table, [text(written)])],
  suggestions: [marks, (written) => suggest(table.entries(), written)],
  shortcut: [marks, (written) => Array.from(table.shortcuts.find([text(written)]))],
  'duration and date': [[...marks, '1d'], (written) => [readDuration(written), readDate(written, 0)]],
  'answer to a question': [
    marks,
    (written) => {
      const answer = { text: written, content: [text(written)], pressed: undefined }
      for (const question of [ask.number('?'), ask.confirm('?'), ask.select('?', ['a', 'b'])]) {
        try {
          void question.read(answer, translate)
        } catch {
          // It is no answer.
        }
      }
      return plain(written)
    },
  ],
}

/** Other work on the machine can spoil a measurement. */
const patient = { timeout: 60_000, retry: 3 }

describe('a message of half a megabyte is read in a moment, and of twice the length in twice the time', () => {
  it.each(Object.entries(readers))(
    '%s',
    (_, [units, run]) => {
      for (const unit of units) expectLinear(repeated(unit), run, { label: JSON.stringify(unit) })
    },
    60_000,
  )

  it.each<[string, (count: number) => readonly Element[], (content: readonly Element[]) => unknown]>([
    [
      'many mentions in front of a command',
      (count) => [...Array.from({ length: count }, () => segment.at('bot')), text('/ping')],
      (content) => addressOf(content),
    ],
    [
      'many blank texts',
      (count) => Array.from({ length: count }, () => text(' ')),
      (content) => [addressOf(content, 'direct'), line(rest, content)],
    ],
    [
      'many mentions behind a command',
      (count) => [text('x '), ...Array.from({ length: count }, () => segment.at('bot'))],
      (content) => line(rest, content),
    ],
    [
      'many pictures between words',
      (count) =>
        Array.from({ length: count }, (_, index) =>
          index % 2 === 0 ? text('word ') : segment.image('https://a.example/1.png'),
        ),
      (content) => [
        line(variadic, content),
        split(content, 100),
        degrade(content, shows()),
        plainText(content),
      ],
    ],
    [
      'many styles in one another',
      (count) => {
        let node = element('b', {}, 'x')
        for (let depth = 0; depth < 100; depth += 1) node = element('b', {}, 'y', node)
        return [node, ...Array.from({ length: count }, () => element('i', {}, 'word '))]
      },
      (content) => [
        split(content, 100),
        split([element('b', {}, content)], 100),
        degrade(content, shows('b')),
      ],
    ],
  ])('%s', patient, (_, make, read) => {
    expectLinear(make, read, { length: 20_000 })
  })

  it('joins what many pieces say', () => {
    expectLinear((length) => Array.from({ length }, () => 'x '), toElements, { length: 100_000 })
  })
})
