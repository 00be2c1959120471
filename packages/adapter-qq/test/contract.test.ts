import { describeAdapter } from '@mynah/testing/contract'
import { describe, it } from 'vitest'

import { qqContract, qqGroupContract } from './contract.ts'

describeAdapter({ describe, it }, qqContract)
describeAdapter({ describe, it }, qqGroupContract)
