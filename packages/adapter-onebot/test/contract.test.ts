import { describeAdapter } from '@mynah/testing/contract'
import { describe, it } from 'vitest'

import { onebotContract } from './contract.ts'

describeAdapter({ describe, it }, onebotContract)
