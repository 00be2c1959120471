import type { Content } from './element.ts'

/** Whether there is nothing to send. */
export function isSilent(answer: Content | void): boolean {
  if (Array.isArray(answer)) return answer.every(isSilent)
  return answer === undefined || answer === null || answer === '' || typeof answer === 'boolean'
}
