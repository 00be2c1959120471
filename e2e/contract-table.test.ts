import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

import type { BotFeature } from '@mynah/core'
import { type AdapterContract, contractCases } from '@mynah/testing/contract'
import { expect, it } from 'vitest'

import { kookContract } from '../packages/adapter-kook/test/contract.ts'
import { onebotContract } from '../packages/adapter-onebot/test/contract.ts'
import { qqContract, qqGroupContract } from '../packages/adapter-qq/test/contract.ts'
import { sandboxContract } from '../packages/adapter-sandbox/test/contract.ts'
import { testingContract } from '../packages/testing/test/contract.ts'
import { Talk } from './conversation.ts'

const pages = [
  'packages/testing/README.md',
  'docs/reference/platforms.md',
  'docs/zh-CN/reference/platforms.md',
].map((path) => fileURLToPath(new URL(`../${path}`, import.meta.url)))
const section = /(<!-- the table, written by `vitest run e2e\/contract-table.test.ts -u` -->\n).*$/s
const contracts = [
  onebotContract,
  qqContract,
  qqGroupContract,
  kookContract,
  sandboxContract,
  testingContract,
]

it('is shown with all its skips where people look for it', { timeout: 60_000 }, async () => {
  const features: ReadonlySet<string>[] = []
  for (const contract of contracts) features.push(new Set(await featuresOf(contract)))
  const text = `\n${tableOf(features)}\n\nWhat is skipped:\n\n${skips()}\n`
  for (const page of pages) {
    const source = await readFile(page, 'utf8')
    expect(source).toMatch(section)
    await expect(source.replace(section, (_, start: string) => start + text)).toMatchFileSnapshot(page)
  }
})

/** What the bot of an adapter has in the group of its stage, asked of a running one. */
async function featuresOf(contract: AdapterContract): Promise<readonly BotFeature[]> {
  const talk = await Talk.begin(contract)
  try {
    return await talk.bot.featuresIn(await talk.channelId())
  } finally {
    await talk.end()
  }
}

/** A tick holds, a cross is skipped, a dot is a method that the platform lacks and that says so. */
function tableOf(features: readonly ReadonlySet<string>[]): string {
  const rows = contractCases.map((name) => [
    /^[a-z]+[A-Z]|^poke$/.test(name) ? `\`${name}\`` : name,
    ...contracts.map(({ skips }, column) => {
      if (skips?.[name] !== undefined) return '✗'
      const isMissing = /^[a-z]+[A-Z]|^poke$/.test(name) && features[column]?.has(name) !== true
      return isMissing ? '·' : '✓'
    }),
  ])
  const head = ['Case', ...contracts.map(({ name }) => name.replace('adapter-', ''))]
  const widths = head.map((_, column) =>
    Math.max(...[head, ...rows].map((row) => (row[column] ?? '').length)),
  )
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}

function skips(): string {
  return contracts
    .map(({ name, skips = {} }) => {
      const byReason = groupByReason(skips)
      const reasons = Array.from(byReason, ([reason, names]) => `  - ${names.join(', ')}: ${reason}`)
      return [`- ${name}`, ...reasons].join('\n')
    })
    .join('\n')
}

function groupByReason(skips: Readonly<Partial<Record<string, string>>>): ReadonlyMap<string, string[]> {
  const names = new Map<string, string[]>()
  for (const [name, reason = ''] of Object.entries(skips)) {
    names.set(reason, [...(names.get(reason) ?? []), name])
  }
  return names
}
