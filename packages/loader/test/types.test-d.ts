/** Types that have to hold: this file compiles, and each line marked so must not. */
import { defineConfig } from '../src/index.ts'

declare module '@mynah/core' {
  interface PluginConfigs {
    dice: { sides?: number }
  }
  interface AdapterConfigs {
    pigeon: { loft: string }
  }
}

defineConfig({
  prefix: ['/', '!'],
  adapters: { pigeon: { loft: 'north' }, unheardOf: { anything: 1 } },
  plugins: {
    dice: { sides: 20, when: { platform: 'pigeon' }, enabled: true },
    'dice:second': false,
    other: { deep: {} },
  },
})

// @ts-expect-error there is no such key
defineConfig({ prefx: '/' })

// @ts-expect-error a prefix is a text
defineConfig({ prefix: 1 })

// @ts-expect-error an adapter that is known has its own keys
defineConfig({ adapters: { pigeon: { loft: 'north', lofts: 2 } } })

// @ts-expect-error what an adapter needs has to be there
defineConfig({ adapters: { pigeon: {} } })

// @ts-expect-error a plugin that is known has its own types
defineConfig({ plugins: { dice: { sides: 'six' } } })

// @ts-expect-error a filter has its own keys
defineConfig({ plugins: { dice: { when: { plattform: 'pigeon' } } } })
