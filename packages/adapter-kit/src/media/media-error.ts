import { MynahError, type MynahErrorOptions } from '@mynah/core'

/** The error of media that cannot be used. */
export function mediaRefused(detail: string, options?: MynahErrorOptions): MynahError {
  return new MynahError('MEDIA_REFUSED', detail, options)
}

export function tooLarge(maxBytes: number): MynahError {
  return mediaRefused(`It is larger than ${maxBytes} bytes.`)
}
