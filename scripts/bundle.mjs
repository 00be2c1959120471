// Makes the JavaScript of a package, in its folder: a file for each entry of package.json, and one for what entries
// share. Node opens and reads each file by itself, so that hundreds of them would be half the start of a bot.
//
// Arguments are sources of programs that are not entries, such as hooks of Node; they come to lie beside the rest. What
// `--thread` names becomes one file of CommonJS: a thread starts with it 20 ms sooner than with a module.
// What package.json names as dependency or peer stays an import, all other packages become part of the files, and
// their licences lie beside them.
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'

import { build } from 'rolldown'

const manifest = JSON.parse(await readFile('package.json', 'utf8'))
// TypeScript is what cosmiconfig would read a config by; the loader does that itself.
const packages = ['typescript', ...Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })]

/** @type {Record<string, string>} */
const entries = {}
for (const entry of Object.values(manifest.exports)) {
  if (typeof entry === 'object') entries[nameOf(entry.default)] = entry['@mynah/source']
}
for (const program of Object.values(manifest.bin ?? {}))
  entries[nameOf(program)] = `src/${nameOf(program)}.ts`
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { thread: { type: 'string', multiple: true } },
})
for (const source of positionals) entries[basename(source, '.ts')] = source

/** @satisfies {import('rolldown').InputOptions} */
const common = {
  platform: 'node',
  external: packages.map((name) => new RegExp(`^${name}(/|$)`)),
  resolve: { conditionNames: ['node', 'import', 'default'] },
  transform: { target: 'node20.19' },
}
const { output } = await build({
  ...common,
  input: entries,
  output: {
    dir: 'dist',
    format: 'esm',
    entryFileNames: '[name].js',
    // Beside the entries, so that paths relative to a module are right in whichever file it comes to be.
    chunkFileNames: '[name]-[hash].js',
    sourcemap: true,
    // The source is published beside.
    sourcemapExcludeSources: true,
    comments: { legal: true, annotation: true, jsdoc: false },
    cleanDir: true,
  },
})

for (const source of values.thread ?? []) {
  const file = `dist/${basename(source, '.ts')}.cjs`
  const { output: thread } = await build({
    ...common,
    input: source,
    output: { file, format: 'cjs', codeSplitting: false, sourcemap: true, sourcemapExcludeSources: true },
  })
  output.push(...thread)
}

const licenses = await licensesOf(output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : [])))
if (licenses !== '') await writeFile('dist/LICENSES.txt', licenses)

/**
 * The licences of the packages that modules belong to.
 *
 * @param {string[]} modules
 */
async function licensesOf(modules) {
  const folders = new Set(
    modules.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? []),
  )
  const texts = await Promise.all([...folders].map(licenseOf))
  return texts.sort().join(`\n\n${'-'.repeat(80)}\n\n`)
}

/** @param {string} folder - Of a package. */
async function licenseOf(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry))
  if (file === undefined)
    throw new Error(`${name} says nowhere how it may be passed on; make it a dependency`)
  return `${name} ${version} (${license})\n\n${(await readFile(join(folder, file), 'utf8')).trim()}`
}

/** @param {string} file - Such as `./dist/testing/index.js`. */
function nameOf(file) {
  return file.replace(/^\.\/dist\//, '').replace(/\.js$/, '')
}
