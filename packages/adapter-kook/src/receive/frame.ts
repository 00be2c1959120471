import { isRecord, readJson } from '@mynah/adapter-kit'
import { inflateRawSync, inflateSync } from 'node:zlib'

import { MynahError } from '@mynah/core'

import type { EventFrame, KookFrame } from '../wire/frames.ts'
import { signals } from '../wire/frames.ts'

/** The largest frame taken once it is inflated, in bytes. */
export const maxFrameBytes: number = 4 * 1024 * 1024

/** First byte of a zlib stream as the platform makes it. */
const zlibStart = 0x78

/**
 * Reads a frame: JSON as text, or compressed in a binary frame.
 *
 * @throws MynahError `FRAME_INVALID` when it cannot be read, or is larger than {@link maxFrameBytes}.
 */
export function readFrame(data: string | Buffer): KookFrame {
  const frame = readJson(typeof data === 'string' ? data : inflate(data, maxFrameBytes))
  if (isFrame(frame)) return frame
  throw new MynahError('FRAME_INVALID', 'A frame of the gateway is no JSON object with a signal.')
}

function isFrame(value: unknown): value is KookFrame {
  return isRecord(value) && typeof value['s'] === 'number'
}

/** Whether a frame carries an event with what every event has. */
export function isEventFrame(frame: KookFrame): frame is EventFrame & { readonly sn: number } {
  const { s, d, sn } = frame
  return (
    s === signals.event &&
    typeof sn === 'number' &&
    isRecord(d) &&
    typeof d['type'] === 'number' &&
    typeof d['msg_id'] === 'string'
  )
}

/**
 * Inflates a zlib stream, or a raw one.
 *
 * @throws MynahError `FRAME_INVALID` when it is neither, or there are more than `maxBytes`.
 */
export function inflate(bytes: Buffer, maxBytes: number): string {
  try {
    const options = { maxOutputLength: maxBytes }
    const plain = bytes[0] === zlibStart ? inflateSync(bytes, options) : inflateRawSync(bytes, options)
    return plain.toString()
  } catch (cause) {
    throw new MynahError('FRAME_INVALID', 'It cannot be inflated, or there is too much of it.', { cause })
  }
}

/** Takes the shared secret out of an event, so that it never reaches a plugin or a log. */
export function dropSecret(data: EventFrame['d']): void {
  if ('verify_token' in data) delete data.verify_token
}
