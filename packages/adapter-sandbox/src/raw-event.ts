import { type ChatEvent, type Element, parse, UserError, z } from '@mynah/core'

const withId = z.looseObject({ id: z.string() })
const named = z.looseObject({ id: z.string(), name: z.string().exactOptional() })
const channel = z.looseObject({ id: z.string(), type: z.enum(['text', 'direct', 'category', 'voice']) })

const node: z.ZodType<Element> = z.object({
  type: z.string(),
  attrs: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
  get children() {
    return z.array(node).default([])
  },
})

/** As people write it: text with tags for elements, or the elements. */
const content = z.union([z.string().transform((source) => parse(source)), z.array(node)])

const rawEvent = z.looseObject({
  type: z.string().min(1),
  id: z.string().exactOptional(),
  platformType: z.string().exactOptional(),
  time: z.number().exactOptional(),
  user: named.exactOptional(),
  operator: named.exactOptional(),
  guild: named.exactOptional(),
  channel: channel.exactOptional(),
  message: z.looseObject({ id: z.string(), content: content.default([]) }).exactOptional(),
  role: named.exactOptional(),
  emoji: named.exactOptional(),
  button: withId.exactOptional(),
  file: z.looseObject({ name: z.string() }).exactOptional(),
  comment: z.string().exactOptional(),
  duration: z.number().exactOptional(),
  status: z.enum(['offline', 'connecting', 'online', 'reconnecting']).exactOptional(),
})

/** What somebody says of an event; the sandbox fills in the rest. */
export type RawEvent = Partial<ChatEvent> & { readonly type: string }

/**
 * Reads an event that somebody typed as JSON, `{"type": "friend-request", "user": {"id": "bob"}}` for
 * instance; `type` alone is needed.
 *
 * @throws UserError when it cannot be read.
 */
export function readRawEvent(json: string): RawEvent {
  const event = rawEvent.safeParse(parseJson(json))
  if (event.success) return event.data
  throw new UserError(`This is not an event.\n${z.prettifyError(event.error)}`)
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch (error) {
    throw new UserError(`This is not JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}
