import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { type Element, element, text } from '../message/element.ts'
import { systemClock } from '../shared/clock.ts'
import { expectLinear } from '../testing/index.ts'
import { ArgumentError, ArgumentTable } from './arguments.ts'
import { parseDeclaration, parseOption } from './grammar.ts'
import { type CommandLine, type LineSpec, type PresetLine, readCommandLine } from './read.ts'
import { type Token, Tokenizer } from './tokenize.ts'

const noon = new Date(2026, 0, 31, 12).getTime()
const types = new ArgumentTable({ ...systemClock, now: () => noon })

function commandOf(declaration: string, options: readonly (readonly [string, string])[] = []): LineSpec {
  return {
    ...parseDeclaration(declaration),
    options: options.map(([name, written]) => parseOption(name, written, '')),
  }
}

function tokenize(content: readonly Element[]): Token[] {
  const tokenizer = new Tokenizer(content)
  const tokens: Token[] = []
  for (let token = tokenizer.take(); token !== undefined; token = tokenizer.take()) tokens.push(token)
  return tokens
}

function toContent(line: string | readonly Element[]): readonly Element[] {
  if (typeof line !== 'string') return line
  return line === '' ? [] : [text(line)]
}

function read(command: LineSpec, line: string | readonly Element[], preset?: PresetLine): CommandLine {
  return readCommandLine(command, toContent(line), types, { preset })
}

/** The key of what is wrong with a line. */
function wrong(command: LineSpec, line: string | readonly Element[]): string {
  try {
    read(command, line)
  } catch (error) {
    if (error instanceof ArgumentError) return error.key
    throw error
  }
  return 'nothing'
}

const at = element('at', { id: '42', name: 'Ann' })
const sharp = element('sharp', { id: '7' })
const image = element('image', { src: 'https://x/y.png' })

describe('arguments', () => {
  it.each<[string, string | readonly Element[], unknown]>([
    ['c <a>', 'word', 'word'],
    ['c <a>', '"two words"', 'two words'],
    ['c <a>', '“two words”', 'two words'],
    ['c <a>', String.raw`two\ words`, 'two words'],
    ['c <a>', String.raw`"say \"hi\""`, 'say "hi"'],
    ['c <a>', '""', ''],
    ['c <a:int>', '-12', -12],
    ['c <a:int>', '1e3', 1000],
    ['c <a:number>', '.5', 0.5],
    ['c <a:number>', '-1.5e-3', -0.0015],
    ['c <a:boolean>', 'Yes', true],
    ['c <a:boolean>', '关', false],
    ['c <a:text>', 'as  it "was"  written ', 'as  it "was"  written'],
    ['c <a:text>', '--not an option', '--not an option'],
    ['c <a:user>', [at], { id: '42', name: 'Ann' }],
    ['c <a:user>', '@42', { id: '42' }],
    ['c <a:user>', '42', { id: '42' }],
    ['c <a:channel>', [sharp], { id: '7' }],
    ['c <a:channel>', '#7', { id: '7' }],
    ['c <a:image>', [image], { src: 'https://x/y.png' }],
    ['c <a:image>', 'https://x/y.png', { src: 'https://x/y.png' }],
    ['c <a:duration>', '1h30m', 5_400_000],
    ['c <a:duration>', '1.5H', 5_400_000],
    ['c <a:duration>', '10分钟', 600_000],
    ['c <a:duration>', '10min', 600_000],
    ['c <a:duration>', '1 Hour 30 mins'.replaceAll(' ', ''), 5_400_000],
    ['c <a:duration>', '"2 days 3 hrs"', 183_600_000],
    ['c <a:duration>', '１０秒钟', 10_000],
    ['c <a:duration>', '2星期', 1_209_600_000],
    ['c <a:duration>', '.5h', 1_800_000],
    ['c <a:number>', '−.5', -0.5],
    ['c <a:number>', '－１．５', -1.5],
    ['c <a:boolean>', 'ＹＥＳ', true],
    ['c <a:fast|slow>', 'ｆａｓｔ', 'fast'],
    ['c <a:date>', '０８：３０', new Date(2026, 0, 31, 8, 30)],
    ['c <a:int(1..100)>', '100', 100],
    ['c <a:int(-5..)>', '-5', -5],
    ['c <a:number(0..0.5)>', '.5', 0.5],
    ['c <a:duration(1m..7d)>', '7d', 604_800_000],
    ['c <a:string(2..4)>', '👍👍👍👍', '👍👍👍👍'],
    ['c <a:text(..5)>', ' a b c ', 'a b c'],
    ['c [a:int(1..100)=7]', '', 7],
    ['c <a>', '„two words“', 'two words'],
    ['c <a>', '»two words«', 'two words'],
    ['c <a>', '«two words»', 'two words'],
    ['c <a>', '『two words』', 'two words'],
    ['c <a>', '＂two words＂', 'two words'],
    ['c <a>', '"two words"\u200b', 'two words'],
    ['c <a:date>', '2026-02-28', new Date(2026, 1, 28)],
    ['c <a:date>', '2026-02-28T08:30Z', new Date('2026-02-28T08:30Z')],
    ['c <a:date>', '08:30', new Date(2026, 0, 31, 8, 30)],
    ['c <a:date>', 'Tomorrow', new Date(2026, 1, 1)],
    ['c <a:date>', '昨天', new Date(2026, 0, 30)],
    ['c <a:fast|slow>', 'slow', 'slow'],
    ['c [a:int=7]', '', 7],
    ['c [a:content=hi]', '', [text('hi')]],
    ['c [a:text]', '', undefined],
  ])('%s reads %j', (declaration, line, value) => {
    expect(read(commandOf(declaration), line).args).toEqual([value])
  })

  it.each<[string, string | readonly Element[], string]>([
    ['c <a:int>', '1.5', 'command.wrong-type'],
    ['c <a:int>', '9007199254740993', 'command.too-big'],
    ['c <a:int>', '-9007199254740993', 'command.too-small'],
    ['c <a:int(1..100)>', '0', 'command.too-small'],
    ['c <a:int(1..100)>', '101', 'command.too-big'],
    ['c <a:int(1..100)>', '99999999999999999999', 'command.too-big'],
    ['c <a:int(1..100)>', 'x', 'command.wrong-type'],
    ['c <a:number(0..1)>', '1.01', 'command.too-big'],
    ['c <a:duration(1m..7d)>', '59s', 'command.too-small'],
    ['c <a:string(2..4)>', 'a', 'command.too-short'],
    ['c <a:string(2..4)>', 'abcde', 'command.too-long'],
    ['c <a:text(..5)>', 'a b c d', 'command.too-long'],
    ['c <a:int(1..6)...>', '1 2 7', 'command.too-big'],
    ['c <a:duration>', '10 min', 'command.wrong-type'],
    ['c <a:duration>', '10fortnights', 'command.wrong-type'],
    ['c <a:number>', 'Infinity', 'command.wrong-type'],
    ['c <a:number>', '""', 'command.wrong-type'],
    ['c <a:boolean>', 'constructor', 'command.wrong-type'],
    ['c <a:date>', '__proto__', 'command.wrong-type'],
    ['c <a:date>', 'constructor', 'command.wrong-type'],
    ['c <a:date>', '2026-02-30', 'command.wrong-type'],
    ['c <a:date>', '2026-02-30T08:00', 'command.wrong-type'],
    ['c <a:date>', '2026-13-01', 'command.wrong-type'],
    ['c <a:date>', '24:00', 'command.wrong-type'],
    ['c <a:duration>', '10', 'command.wrong-type'],
    ['c <a:user>', [sharp], 'command.wrong-type'],
    ['c <a:user>', '@', 'command.wrong-type'],
    ['c <a:image>', 'file:///etc/passwd', 'command.wrong-type'],
    ['c <a>', [image], 'command.wrong-type'],
    ['c <a:fast|slow>', 'Slow', 'command.not-a-choice'],
    ['c <a>', '', 'command.missing'],
    ['c <a...>', '', 'command.missing'],
    ['c <a>', 'one two', 'command.too-many'],
    ['c', 'one', 'command.too-many'],
  ])('%s refuses %j', (declaration, line, key) => {
    expect(wrong(commandOf(declaration), line)).toBe(key)
  })

  it('may be elements between words, and several of one type', () => {
    const command = commandOf('ban <who:user> <others:user...>')
    const content = [at, text(' 1 @2 '), element('at', { id: '3' })]
    expect(read(command, content).args).toEqual([
      { id: '42', name: 'Ann' },
      [{ id: '1' }, { id: '2' }, { id: '3' }],
    ])
  })

  it('keep the elements of the rest of a message', () => {
    const command = commandOf('say <who:user> <what:content>')
    expect(read(command, [at, text('  look: '), image, text(' ok')]).args).toEqual([
      { id: '42', name: 'Ann' },
      [text('look: '), image, text(' ok')],
    ])
  })

  it('are never quoted at length', () => {
    expect(() => read(commandOf('c <a:int>'), 'x'.repeat(5000))).toThrow(/^.{0,200}$/)
  })
})

describe('options', () => {
  const command = commandOf('c [rest...]', [
    ['all', '-a'],
    ['bare', '-b'],
    ['count', '-n <n:int>'],
    ['tag', '-t <tag...>'],
    ['mode', '<m:fast|slow>'],
    ['level', '-l [level:int]'],
    ['sides', '-s <n:int=6>'],
  ])
  const none = { all: false, bare: false, tag: [], sides: 6 }

  it.each<[string, object, readonly string[]]>([
    ['', none, []],
    ['-a', { ...none, all: true }, []],
    ['--all --no-all', none, []],
    ['--all=no -b=on', { ...none, bare: true }, []],
    ['-ab', { ...none, all: true, bare: true }, []],
    ['-abn 5 x', { ...none, all: true, bare: true, count: 5 }, ['x']],
    ['-n5', { ...none, count: 5 }, []],
    ['-bn=5', { ...none, bare: true, count: 5 }, []],
    ['-n -5', { ...none, count: -5 }, []],
    ['--count=-5', { ...none, count: -5 }, []],
    ['-t a -t "b c" --tag=d', { ...none, tag: ['a', 'b c', 'd'] }, []],
    ['--mode slow', { ...none, mode: 'slow' }, []],
    ['-l', { ...none, level: true }, []],
    ['-l 3', { ...none, level: 3 }, []],
    ['-l -a', { ...none, level: true, all: true }, []],
    ['-s 8 -s 20', { ...none, sides: 20 }, []],
    ['x -a y', { ...none, all: true }, ['x', 'y']],
    ['x -- -a', none, ['x', '-a']],
    ['"-a" -1', none, ['-a', '-1']],
    ['-.5 -1.5', none, ['-.5', '-1.5']],
    ['-_- -> -) - ---', none, ['-_-', '->', '-)', '-', '---']],
    ['—all', { ...none, all: true }, []],
    ['–count 3', { ...none, count: 3 }, []],
    ['——count=3', { ...none, count: 3 }, []],
    ['－－ａｌｌ'.normalize('NFKC'), { ...none, all: true }, []],
    ['－－all', { ...none, all: true }, []],
    ['—Hello — you', none, ['—Hello', '—', 'you']],
    ['-n −5', { ...none, count: -5 }, []],
  ])('%s', (line, options, rest) => {
    expect(read(command, line)).toEqual({ args: [rest], options })
  })

  it.each([
    ['--nope', 'command.unknown-option'],
    ['-az', 'command.unknown-option'],
    ['--no-all=yes', 'command.unknown-option'],
    ['--all=maybe', 'command.wrong-type'],
    ['-n', 'command.option-needs-value'],
    ['-n -a', 'command.option-needs-value'],
    ['-an x', 'command.wrong-type'],
    ['--mode medium', 'command.not-a-choice'],
  ])('%s is refused', (line, key) => {
    expect(wrong(command, line)).toBe(key)
  })

  it('that are texts take the rest of the line', () => {
    const kick = commandOf('kick <who>', [['reason', '-r <why:text>']])
    expect(read(kick, 'bob -r too   loud')).toEqual({ args: ['bob'], options: { reason: 'too   loud' } })
    expect(read(kick, '--reason=loud bob')).toEqual({ args: ['bob'], options: { reason: 'loud' } })
  })

  it.each<[string, readonly Element[], readonly unknown[]]>([
    ['c <word> <pic:image>', [image, text(' hello')], ['hello', { src: 'https://x/y.png' }]],
    [
      'c <pic:image> <words:text>',
      [text('hello there '), image],
      [{ src: 'https://x/y.png' }, 'hello there'],
    ],
    ['c [size:int] [pic:image]', [image], [undefined, { src: 'https://x/y.png' }]],
    [
      'c <pic:image> <word>',
      [text('https://x/z.png '), text('hello')],
      [{ src: 'https://x/z.png' }, 'hello'],
    ],
    ['c <n:int> [pics:image...]', [image, text('3 '), image], [3, [image.attrs, image.attrs]]],
  ])('find their pictures wherever they stand: %s', (declaration, line, args) => {
    expect(read(commandOf(declaration), line).args).toEqual(args)
  })

  it('say what is missing beside a picture', () => {
    expect(wrong(commandOf('c <word> <pic:image>'), [image])).toBe('command.missing')
    expect(wrong(commandOf('c <word>'), [image])).toBe('command.wrong-type')
  })

  it('leave dashes alone where a command has none', () => {
    expect(read(commandOf('c <a> <b>'), '-a --b').args).toEqual(['-a', '--b'])
  })
})

describe('quotes behind a backslash', () => {
  const all = commandOf('c [all...]')

  it.each<[string, readonly string[]]>([
    [String.raw`"C:\dir\" x`, [String.raw`C:\dir` + '\\', 'x']],
    [String.raw`"C:\my dir\" 'D:\x y\'`, [String.raw`C:\my dir` + '\\', String.raw`D:\x y` + '\\']],
    [String.raw`"say \"hi\" now"`, ['say "hi" now']],
    [String.raw`"say \"hi\""`, ['say "hi"']],
    [String.raw`"never`, ['"never']],
  ])('%s', (line, words) => {
    expect(read(all, line).args).toEqual([words])
  })
})

describe('a range', () => {
  it.each([
    ['c <a:int(1...9)>'],
    ['c <a:int(9..1)>'],
    ['c <a:int(1.5..9)>'],
    ['c <a:int(5)>'],
    ['c <a:int(..)>'],
    ['c <a:int()>'],
    ['c <a:int(1..9>'],
    ['c <a:string(-1..9)>'],
    ['c <a:duration(1..9)>'],
    ['c <a:user(1..9)>'],
    ['c <a:fast|slow(1..9)>'],
    ['c <a(1..9)>'],
  ])('cannot be %s', (declaration) => {
    expect(() => parseDeclaration(declaration)).toThrow(/^The command declaration cannot be read\. In "c /)
  })

  it('holds for options, also for those that take the rest of the line', () => {
    const command = commandOf('c', [
      ['times', '-n <n:int(1..100)>'],
      ['why', '-w <why:text(..5)>'],
    ])
    expect(read(command, '-n 5 -w a b c').options).toEqual({ times: 5, why: 'a b c' })
    expect(wrong(command, '-n 500')).toBe('command.too-big')
    expect(wrong(command, '-w a b c d')).toBe('command.too-long')
  })
})

describe('a preset', () => {
  const roll = commandOf('roll [times:int=1] [label]', [['sides', '-s <n:int>']])

  it('fills in what is not written', () => {
    const preset = { args: [3], options: { sides: 20 } }
    expect(read(roll, '', preset)).toEqual({ args: [3, undefined], options: { sides: 20 } })
    expect(read(roll, 'luck -s 8', preset)).toEqual({ args: [3, 'luck'], options: { sides: 8 } })
  })
})

const junk = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc
    .array(fc.constantFrom('"', "'", '“', '”', '\\', ' ', '-', '--', '=', 'a', '1', '\n', '@', '#', '\0'), {
      maxLength: 60,
    })
    .map((parts) => parts.join('')),
)
const messages = fc.array(
  fc.oneof(
    junk.map((content) => text(content)),
    fc.constantFrom(at, sharp, image),
  ),
  { maxLength: 5 },
)
const commands = [
  'c <a:int> [b:boolean] [rest:text]',
  'c <a:date> <b:duration> [who:user...]',
  'c [a:image] [b:channel] [c:number] [d:content]',
  'c [all...]',
].flatMap((declaration) => [
  commandOf(declaration),
  commandOf(declaration, [
    ['flag', '-f'],
    ['value', '-v <v:int>'],
    ['many', '-m <m...>'],
    ['why', '-w [why:text]'],
  ]),
])

describe('any message', () => {
  it('is read or refused by an ArgumentError, never anything else', () => {
    fc.assert(
      fc.property(messages, fc.constantFrom(...commands), (content, command) => {
        expect(wrong(command, content)).toMatch(/^(nothing|command\.[a-z-]+)$/)
      }),
      { numRuns: 10_000 },
    )
  })

  it('is cut into words that lose nothing but quotes, escapes and white space', () => {
    const strip = (value: string): string =>
      value.replaceAll(/[\s\\\p{Cf}"'“”‘’„‚«»‹›「」『』｢｣〝〞〟＂＇]/gu, '')
    fc.assert(
      fc.property(junk, (line) => {
        const words = tokenize([text(line)]).map((token) => (token.kind === 'word' ? token.value : ''))
        expect(strip(words.join(''))).toBe(strip(line))
      }),
      { numRuns: 10_000 },
    )
  })

  it('gives back quoted words as they were', () => {
    const quote = (value: string): string => `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`
    fc.assert(
      fc.property(fc.array(junk, { minLength: 1, maxLength: 5 }), (words) => {
        const line = words.map(quote).join(' ')
        expect(read(commandOf('c <all...>'), line).args).toEqual([words])
      }),
      { numRuns: 10_000 },
    )
  })

  const greedy = commandOf('c [all...]', [
    ['flag', '-f'],
    ['x', '-x'],
    ['y', '<y>'],
    ['many', '-m <m...>'],
  ])
  it.each<[string, (length: number) => string]>([
    ['words', (length) => 'ab '.repeat(length / 3)],
    ['quotes that never close', (length) => `"'“‘「 a`.repeat(length / 8)],
    ['backslashes', (length) => '\\'.repeat(length)],
    ['dashes', (length) => '-x --y=z '.repeat(length / 9)],
    ['repeated options', (length) => '-m 1 '.repeat(length / 5)],
    ['clusters', (length) => `-${'f'.repeat(length - 1)}`],
    ['white space', (length) => ' '.repeat(length)],
    ['digits', (length) => '1'.repeat(length)],
    ['durations', (length) => '1d'.repeat(length / 2)],
  ])(
    'of half a megabyte of %s is read in a moment: the time grows with the length and no faster',
    (name, make) => {
      expectLinear(
        (length) => [text(make(length))],
        (content) => wrong(greedy, content),
        { label: name },
      )
    },
  )
})
