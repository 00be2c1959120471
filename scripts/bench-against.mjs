// Alternating rounds of one benchmark in this tree and in a commit's. Each tree runs its own benchmark, since the API
// between them may differ; what the two tables call the same is compared.
import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { root } from './setup.mjs'

/** @typedef {Map<string, { value: number, unit: string }>} Figures */

/** What makes one run of a benchmark short; the rounds of the comparison do the repeating. */
const short = {
  core: { BENCH_ROUNDS: '3' },
  database: { BENCH_ROUNDS: '1' },
  onebot: { BENCH_ROUNDS: '1' },
  reload: { BENCH_EDITS: '60', BENCH_ALONE: '1' },
  types: { BENCH_ROUNDS: '1' },
}

/** @param {{ name: string, commit: string, rounds: number }} options */
export async function compare({ name, commit, rounds }) {
  const before = treeOf(commit)
  /** @type {{ before: Figures, after: Figures }[]} */
  const pairs = []
  try {
    for (let round = 1; round <= rounds; round += 1) {
      console.log(`> round ${round} of ${rounds}`)
      // The first of two runs warms the disk for the second, so they take turns at it.
      const order = round % 2 === 0 ? [root, before] : [before, root]
      const first = await figuresOf(order[0], name)
      const second = await figuresOf(order[1], name)
      pairs.push(round % 2 === 0 ? { before: second, after: first } : { before: first, after: second })
    }
  } finally {
    execFileSync('git', ['worktree', 'remove', '--force', before], { cwd: root })
  }
  print(pairs, commit)
}

/** A built tree of a commit beside this one. */
function treeOf(/** @type {string} */ commit) {
  const path = join(mkdtempSync(join(tmpdir(), 'mynah-bench-')), 'tree')
  const quiet = /** @type {const} */ ({ cwd: path, stdio: ['ignore', 'ignore', 'inherit'] })
  execFileSync('git', ['worktree', 'add', '--detach', path, commit], { ...quiet, cwd: root })
  console.log(`> building ${commit}`)
  execFileSync(process.execPath, ['-e', "import('./scripts/setup.mjs').then(({ setup }) => setup())"], quiet)
  return path
}

/** @returns {Promise<Figures>} */
async function figuresOf(/** @type {string} */ tree, /** @type {string} */ name) {
  const args = ['--import', 'tsx', join(tree, 'bench', name, 'main.ts')]
  const options = { cwd: join(tree, 'bench'), env: { ...process.env, ...short[name] }, maxBuffer: 1 << 26 }
  // A goal that is missed ends a benchmark with a code; its figures are there all the same.
  const { stdout } = await promisify(execFile)(process.execPath, args, options).catch((error) => error)
  const figures = tableFigures(String(stdout))
  if (figures.size === 0) throw new Error(`The benchmark "${name}" of ${tree} printed no figures:\n${stdout}`)
  return figures
}

/** The numbers with a unit in the tables that a benchmark prints, by row and column. */
function tableFigures(/** @type {string} */ text) {
  /** @type {Figures} */
  const figures = new Map()
  /** @type {string[]} */
  let head = []
  for (const line of text.split('\n')) {
    if (!line.startsWith('|')) head = []
    if (!line.startsWith('|') || line.startsWith('| ---')) continue
    const cells = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim())
    if (head.length === 0) {
      head = cells
      continue
    }
    cells.forEach((cell, column) => {
      const found = /^(-?[\d.]+) ?([^\d\s]*)$/.exec(cell)
      if (column === 0 || found === null || head[column] === 'ratio') return
      figures.set(`${cells[0]} · ${head[column]?.replace(/ \(.*\)/, '')}`, {
        value: Number(found[1]),
        unit: found[2] ?? '',
      })
    })
  }
  return figures
}

const median = (/** @type {number[]} */ values) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

/** @param {{ before: Figures, after: Figures }[]} pairs @param {string} commit */
function print(pairs, commit) {
  const names = [...(pairs[0]?.after.keys() ?? [])].filter((name) =>
    pairs.every(({ before }) => before.has(name)),
  )
  console.log(
    `\n| figure | ${commit} | now | now / before, median | lowest to highest of ${pairs.length} | |`,
  )
  console.log('| --- | ---: | ---: | ---: | ---: | --- |')
  for (const name of names) {
    const of = (/** @type {Figures} */ figures) => figures.get(name)?.value ?? Number.NaN
    const ratios = pairs.map(({ before, after }) => of(after) / of(before))
    const [low, high] = [Math.min(...ratios), Math.max(...ratios)]
    const unit = pairs[0]?.after.get(name)?.unit ?? ''
    const cells = [
      name,
      `${median(pairs.map(({ before }) => of(before))).toFixed(2)} ${unit}`,
      `${median(pairs.map(({ after }) => of(after))).toFixed(2)} ${unit}`,
      median(ratios).toFixed(2),
      `${low.toFixed(2)} to ${high.toFixed(2)}`,
      low <= 1 && high >= 1 ? 'no change above noise' : low > 1 ? 'higher' : 'lower',
    ]
    console.log(`| ${cells.join(' | ')} |`)
  }
}
