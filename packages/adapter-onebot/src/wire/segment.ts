/** One part of a message on the wire: `{ "type": "text", "data": { "text": "hi" } }`. */
export interface Segment {
  /** Kind of the part, such as `text` or `image`. */
  readonly type: string
  /** What is in it. */
  readonly data: Readonly<Record<string, unknown>>
}

/** A message as an action takes it: segments, a single one, or a string in CQ form. */
export type WireMessage = readonly Segment[] | Segment | string
