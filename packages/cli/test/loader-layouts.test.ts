import { symlink } from 'node:fs/promises'
import { join } from 'node:path'

import { afterEach, describe, expect, it } from 'vitest'

import { type ProjectFiles, sandboxConfig, TestProject } from './bot-process.ts'

const open: AsyncDisposable[] = []
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing[Symbol.asyncDispose]()
})

/** A plugin whose command, named like it, answers with `answer`. */
function plugin(name: string, head: string, answer: string): string {
  return `import { definePlugin } from '@mynah/core'
${head}
export default definePlugin({
  name: '${name}',
  setup(ctx) {
    ctx.command('${name}').action(() => ${answer})
  },
})
`
}

interface Layout {
  readonly files: ProjectFiles
  readonly answers: Readonly<Record<string, string>>
}

/** Ways to write a plugin and what it imports; each has to give its answer in both commands. */
const everywhere: Layout = {
  files: {
    'lib/word.ts': "export const word: string = 'word'",
    'lib/view.tsx': 'export const view = () => <b>view</b>',
    'lib/old.jsx': 'export const old = () => <b>old</b>',
    'lib/data.json': '{ "word": "data" }',
    'lib/table.cjs': "exports.word = 'table'\nexports.size = 2",
    'lib/deep/index.ts': "export const deep = 'deep'",
    'extra/path.ts': plugin('path', '', "'path'"),
    'store/linked.ts': plugin('linked', "import { word } from '../lib/word.ts'", "'linked ' + word"),
    'node_modules/mynah-plugin-compiled/package.json':
      '{ "name": "mynah-plugin-compiled", "version": "1.0.0", "main": "index.js" }',
    'node_modules/mynah-plugin-compiled/index.js': `"use strict"
Object.defineProperty(exports, "__esModule", { value: true })
const core = require("@mynah/core")
exports.default = core.definePlugin({ name: "compiled", setup(ctx) { ctx.command("compiled").action(() => "compiled") } })
`,
    'plugins/ts.ts': plugin('ts', 'enum Mark { one = 1 }\nconst mark: Mark = Mark.one', '`ts ${mark}`'),
    'plugins/tsx.tsx': plugin('tsx', "import { view } from '../lib/view.tsx'", '<i>tsx {view()}</i>'),
    'plugins/jsx.js': plugin('jsx', "import { old } from '../lib/old.jsx'", 'old()'),
    'plugins/js.js': plugin('js', '', "'js'"),
    'plugins/json.js': plugin('json', "import data from '../lib/data.json'", 'data.word'),
    'plugins/named.ts': plugin('named', "import { word } from '../lib/data.json'", 'word'),
    'plugins/attribute.mjs': plugin(
      'attribute',
      "import data from '../lib/data.json' with { type: 'json' }",
      'data.word',
    ),
    'plugins/cjs.ts': plugin('cjs', "import table from '../lib/table.cjs'", 'table.word'),
    'plugins/names.ts': plugin('names', "import { size } from '../lib/table.cjs'", '`names ${size}`'),
    'plugins/bare.ts': plugin('bare', "import { word } from '../lib/word'", "'bare ' + word"),
    'plugins/asjs.ts': plugin('asjs', "import { word } from '../lib/word.js'", "'asjs ' + word"),
    'plugins/folder.ts': plugin('folder', "import { deep } from '../lib/deep'", 'deep'),
    'plugins/place.ts': plugin(
      'place',
      "import { basename } from 'node:path'\nimport { fileURLToPath } from 'node:url'",
      '`${basename(import.meta.filename)} ${basename(import.meta.dirname)} ${basename(fileURLToPath(import.meta.url))}`',
    ),
    'plugins/wait.ts': plugin('wait', "const word = await Promise.resolve('waited')", 'word'),
    'plugins/late.ts': plugin('late', '', "import('../lib/word.ts').then(({ word }) => 'late ' + word)"),
    'plugins/env.ts': plugin('env', "const word = process.env['WORD_OF_FILE']", 'word'),
    '.env': '\uFEFFWORD_OF_FILE=env\n',
    'bot.config.yaml': `${sandboxConfig}plugins:\n  compiled:\n  ./extra/path:\n`,
  },
  answers: {
    ts: 'ts 1',
    tsx: 'tsx view',
    jsx: 'old',
    js: 'js',
    json: 'data',
    named: 'data',
    attribute: 'data',
    cjs: 'table',
    names: 'names 2',
    bare: 'bare word',
    asjs: 'asjs word',
    folder: 'deep',
    place: 'place.ts plugins place.ts',
    wait: 'waited',
    late: 'late word',
    env: 'env',
    path: 'path',
    compiled: 'compiled',
    linked: 'linked word',
  },
}

const module: Layout = {
  files: {
    'package.json': '{ "name": "bot", "private": true, "type": "module" }',
    'tsconfig.json': '{ "compilerOptions": { "paths": { "@lib/*": ["./lib/*"] } }, "include": ["plugins"] }',
    'plugins/alias.ts': plugin('alias', "import { word } from '@lib/word.ts'", "'alias ' + word"),
    'plugins/aliasjs.js': plugin('aliasjs', "import { word } from '@lib/word.ts'", "'alias ' + word"),
  },
  answers: { alias: 'alias word', aliasjs: 'alias word' },
}

/** What only a package that does not say `"type": "module"` may have. */
const script: Layout = {
  files: {
    'lib/plain.js': "exports.word = 'plain'",
    'plugins/plain.ts': plugin('plain', "import { word } from '../lib/plain.js'", 'word'),
    'plugins/required.js': `const { definePlugin } = require('@mynah/core')
module.exports = definePlugin({
  name: 'required',
  setup: (ctx) => void ctx.command('required').action(() => require('../lib/plain.js').word + ' required'),
})
`,
  },
  answers: { plain: 'plain', required: 'plain required' },
}

const commonJs: Layout = {
  files: { ...script.files, 'package.json': '{ "name": "bot", "version": "1.0.0", "type": "commonjs" }' },
  answers: script.answers,
}

const typeless: Layout = {
  files: {
    ...script.files,
    'package.json': '{ "name": "bot", "version": "1.0.0" }',
    'tsconfig.json': '{ "compilerOptions": { "jsx": "preserve" } }',
  },
  answers: script.answers,
}

describe.each(['start', 'dev'])('bot %s, called from elsewhere', (command) => {
  it.each<[string, string, Layout]>([
    ['a module package', 'my bot (1)', module],
    ['a CommonJS package', '机器人 100%', commonJs],
    ['a package without a type', "it's%20here", typeless],
  ])(
    'answers whatever the plugins are written in, in %s in "%s"',
    async (_, folder, layout) => {
      const files = { ...everywhere.files, ...layout.files }
      const project = await TestProject.create(
        Object.fromEntries(Object.entries(files).map(([name, content]) => [join(folder, name), content])),
      )
      open.push(project)
      await symlink('../store/linked.ts', join(project.root, folder, 'plugins/linked.ts'))
      await symlink(folder, join(project.root, 'link'))
      const bot = project.bot([command, '-C', join(project.root, 'link')])
      open.push(bot)
      await bot.expectLog(command === 'dev' ? 'Watching for changes' : 'is online')
      const answers = { ...everywhere.answers, ...layout.answers }
      const given: Record<string, string> = {}
      for (const [name, answer] of Object.entries(answers)) {
        bot.say(`/${name}`)
        given[name] = await bot.expectReply(answer).then(
          () => answer,
          () => bot.replies.join(),
        )
      }
      expect(given).toEqual(answers)
      expect(bot.log.filter(({ level = 30 }) => level > 30)).toEqual([])
    },
    120_000,
  )
})
