import { describeAdapter } from '@mynah/testing/contract'
import { describe, it } from 'vitest'

import { kookContract } from './contract.ts'

describeAdapter({ describe, it }, kookContract)
