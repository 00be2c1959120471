/** What the platform tells of somebody in any id space. */
export interface Person {
  /** Name that people see. */
  readonly username?: string
  /** Whether it is a bot. */
  readonly bot?: boolean
  /** Names the same person in every id space; only after an application to the platform. */
  readonly union_openid?: string
  /** Account of the person in a linked application; only after an application to the platform. */
  readonly union_user_account?: string
}

/** A file of a message. */
export interface Attachment {
  /** Address; it expires, and often has no scheme. */
  readonly url: string
  /** Name of the file. */
  readonly filename?: string
  /** A MIME type; in groups and C2C also `voice` or `file`. */
  readonly content_type?: string
  /** Width in pixels. */
  readonly width?: number
  /** Height in pixels. */
  readonly height?: number
  /** Bytes. */
  readonly size?: number
}
