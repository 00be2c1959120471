import { describeAdapter } from '@mynah/testing/contract'
import { describe, it } from 'vitest'

import { sandboxContract } from './contract.ts'

describeAdapter({ describe, it }, sandboxContract)
