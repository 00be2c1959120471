import { describe, it } from 'vitest'

import { describeAdapter } from '../src/contract/index.ts'
import { testingContract } from './contract.ts'

describeAdapter({ describe, it }, testingContract)
