import { describe, expect, it } from 'vitest'

import { parseText } from './config-text.ts'
import { editText } from './edit-text.ts'
import type { Path } from './substitute.ts'

const yaml = `# my bot
prefix: ['/', "!"]    # marks

plugins:
  # throws dice
  dice: { sides: 6, token: \${TOKEN} }   # six of them
  say:
    words:
    - one   # first
    - 'two'
  765432109: yes
  7405472097755331634: 7405472097755331634
  quiet:
`

describe('editing YAML', () => {
  it.each<[string, Path, unknown, string, string]>([
    ['a number', ['plugins', 'dice', 'sides'], 20, 'sides: 6,', 'sides: 20,'],
    ['a word', ['plugins', 'say', 'words', 0], 'three', '- one   #', '- three   #'],
    ['a text', ['plugins', 'say', 'words', 0], 'a: b # c', '- one   #', '- "a: b # c"   #'],
    ['a text in quotes', ['plugins', 'say', 'words', 1], 'true', "- 'two'", '- "true"'],
    ['a variable', ['plugins', 'dice', 'token'], '${OTHER:-x}', '${TOKEN}', '"${OTHER:-x}"'],
    [
      'what an id without quotes names',
      ['plugins', '765432109'],
      false,
      '765432109: yes',
      '765432109: false',
    ],
  ])('puts %s in the place of another and leaves all else as it is', (_, path, value, before, after) => {
    const edited = editText(yaml, path, value)
    expect(edited).toBe(yaml.replace(before, after))
    expect(parseText(edited, '').locate(path)).toEqual(parseText(yaml, '').locate(path))
  })

  it.each<[string, Path, unknown, string, string]>([
    ['a key', ['plugins', 'say', 'loud'], true, "'two'\n", "'two'\n    loud: true\n"],
    ['an item', ['plugins', 'say', 'words', 2], 'three', "'two'\n", "'two'\n    - three\n"],
    ['a mapping', ['plugins', 'a:b'], { sides: 20 }, 'quiet:\n', 'quiet:\n  a:b:\n    sides: 20\n'],
    ['a section', ['adapters', 'sandbox'], {}, 'quiet:\n', 'quiet:\nadapters:\n  sandbox: {}\n'],
    ['what had no value', ['plugins', 'quiet', 'from'], '22:00', 'quiet:\n', 'quiet:\n    from: 22:00\n'],
    ['a variable', ['plugins', 'dice', 'b'], '${B}', '${TOKEN} }   #', '${TOKEN}, b: ${B} } #'],
  ])('adds %s and leaves all other lines as they are', (_, path, value, before, after) => {
    expect(editText(yaml, path, value)).toBe(yaml.replace(before, after))
  })

  it('keeps comments and digits also where the form of other lines cannot stay', () => {
    const loose = yaml.replace('\n\n', '\n\n\n\n')
    const edited = editText(loose, ['locale'], 'en')
    for (const [comment] of yaml.matchAll(/#.*/g)) expect(edited).toContain(comment)
    expect(edited).toContain('7405472097755331634: 7405472097755331634')
    expect(parseText(edited, '').data).toEqual({ ...(parseText(loose, '').data as object), locale: 'en' })
  })

  it('takes a key away', () => {
    expect(parseText(editText(yaml, ['plugins', 'say'], undefined), '').data).not.toHaveProperty(
      'plugins.say',
    )
    expect(editText('a: 1\n', ['b'], undefined)).toBe('a: 1\n')
  })

  it('begins an empty file', () => {
    expect(editText('', ['plugins', 'dice'], true)).toBe('plugins:\n  dice: true\n')
    expect(editText('# nothing yet\n', ['prefix'], '#')).toBe('# nothing yet\n\nprefix: "#"\n')
  })

  it('keeps the ends of lines', () => {
    expect(editText('a: 1\r\nb: 2\r\n', ['c'], 3)).toBe('a: 1\r\nb: 2\r\nc: 3\r\n')
  })
})

describe('editing JSON', () => {
  const json = '{\n\t"name": "bot",\n\t"bot": { "prefix": "/", "id": 7405472097755331634 }\n}\n'

  it('puts a value in the place of another', () => {
    expect(editText(json, ['bot', 'prefix'], '#')).toBe(json.replace('"/"', '"#"'))
    expect(editText('{"a": 1}', ['a'], 'one')).toBe('{"a": "one"}')
  })

  it('adds a key in the form of the file, with all digits', () => {
    expect(editText(json, ['bot', 'plugins'], { dice: { token: '${T}' } })).toBe(
      '{\n\t"name": "bot",\n\t"bot": {\n\t\t"prefix": "/",\n\t\t"id": 7405472097755331634,\n\t\t"plugins": {\n\t\t\t"dice": {\n\t\t\t\t"token": "${T}"\n\t\t\t}\n\t\t}\n\t}\n}\n',
    )
    expect(editText('{"a":1}', ['b'], [true, null])).toBe('{"a":1,"b":[true,null]}')
  })
})
