import type { Case } from './case.ts'
import { assert } from './check-event.ts'
import type { AdapterContract, ContractCase, ContractRunner } from './contract.ts'
import { argumentsOf } from './feature-arguments.ts'
import { featureCase } from './feature-cases.ts'
import { flowCases } from './flow-cases.ts'
import { leavesNothing } from './life-cases.ts'
import { receiveCases } from './receive-cases.ts'
import { Scene } from './scene.ts'
import { sendCases } from './send-cases.ts'

/** How long a case may take on a busy machine, in ms. */
const timeoutMs = 60_000

/** Names of all cases, in their order. */
export const contractCases: readonly ContractCase[] = [
  ...namesOf(receiveCases),
  ...namesOf(sendCases),
  ...namesOf(flowCases),
  'a stop leaves nothing behind',
  ...namesOf(argumentsOf),
]

/** Its names are those of its type. */
function namesOf<K extends string>(table: Readonly<Record<K, unknown>>): K[] {
  return Object.keys(table) as K[]
}

/**
 * Declares the suite that every adapter passes: what comes in, what goes out, every method of the bot, what happens
 * when much comes at once or the connection breaks, and what is left in the end. Each case has a platform and an app
 * of its own.
 *
 * @param runner - That of the tests: vitest's, or that of `node:test`.
 * @example
 * ```ts
 * import { describe, it } from 'vitest'
 *
 * describeAdapter({ describe, it }, {
 *   name: 'adapter-parrot',
 *   start: startParrotStage,
 *   skips: { 'a poke comes in': 'Parrot has no pokes' },
 * })
 * ```
 */
export function describeAdapter({ describe, it }: ContractRunner, contract: AdapterContract): void {
  describe(`the contract of ${contract.name}`, () => {
    for (const name of contractCases) {
      const reason = contract.skips?.[name]
      if (reason === undefined) it(name, { timeout: timeoutMs }, () => run(contract, name))
      else it.skip(`${name}: ${reason}`, () => {})
    }
  })
}

async function run(contract: AdapterContract, name: ContractCase): Promise<void> {
  if (name === 'a stop leaves nothing behind') return leavesNothing(() => contract.start())
  const one = caseOf(name)
  const { needs = [], app } = one
  const stage = await contract.start()
  try {
    const missing = needs.filter((driver) => stage.drivers[driver] === undefined)
    assert(missing.length === 0, `give the driver ${missing.join(', ')}, or skip "${name}" with a reason`)
    const scene = await Scene.open(stage, app)
    try {
      await one.run(scene)
    } finally {
      await scene.close()
    }
  } finally {
    await stage.close()
  }
}

function caseOf(name: Exclude<ContractCase, 'a stop leaves nothing behind'>): Case {
  if (name in argumentsOf) return featureCase(name as keyof typeof argumentsOf)
  return { ...receiveCases, ...sendCases, ...flowCases }[
    name as Exclude<typeof name, keyof typeof argumentsOf>
  ]
}
