import type { MynahError } from '@mynah/core'
import {
  describeError,
  describeFailure,
  describeStatus,
  type FailureWords,
} from '../shared/network-failure.ts'
import { PlatformError } from './platform-error.ts'

/**
 * What a failed call says about the connection: why it does not work; `over` when the platform answered, if
 * only to refuse; `none` when nothing was learned.
 *
 * @param isAuthorizing - No credentials could be had, so nothing was sent.
 */
export function describeOutage(
  error: MynahError,
  isAuthorizing: boolean,
  address: string,
): FailureWords | 'over' | 'none' {
  if (isAuthorizing) {
    const why = error instanceof PlatformError ? 'none came in time' : describeError(error)
    return { reason: `there are no credentials for ${address}: ${why}` }
  }
  const status = error instanceof PlatformError ? error.status : undefined
  if (error.code === 'AUTH_FAILED') {
    return {
      reason: `${address} refuses the credentials${status === undefined ? '' : ` (HTTP ${status})`}`,
      hint: 'check the token',
    }
  }
  if (error.code === 'API_UNREACHABLE' || error.code === 'CONNECTION_CLOSED')
    return status === undefined ? describeFailure(error, address) : describeStatus(status, address)
  if (error.code === 'API_TIMEOUT')
    return { reason: `${address} did not answer in time`, hint: 'check the network, and the platform' }
  if (error.code === 'API_INVALID_RESPONSE')
    return { reason: `${address} answers with something unreadable`, hint: 'check the base address' }
  return status === undefined || status >= 500 ? 'none' : 'over'
}
