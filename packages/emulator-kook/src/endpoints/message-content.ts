import type { ApiCall } from '../calls/endpoint.ts'
import { isJsonObject, parseJson } from '@mynah/emulator-kit'
import { ApiRefusal, badContent, badParameter, notFound } from '../calls/refusal.ts'
import type { AssetState, Attachment, TemplateState } from '../world/model.ts'

/** Types a bot may send: text, picture, video, file, KMarkdown, card. */
const sendable = [1, 2, 3, 4, 9, 10] as const
type SendableType = (typeof sendable)[number]

/** The longest text of a message, in characters. */
const textLimit = 8000

/** What a send call wants to send, checked. */
export interface Outgoing {
  type: SendableType
  content: string
  attachment: Attachment | undefined
}

/**
 * Reads `type`, `content` and `template_id` of a send call.
 *
 * @throws ApiRefusal 40000 for a type bots cannot send or media the bot did not upload, 40014 for a long text.
 */
export function outgoingOf(call: ApiCall, defaultType: SendableType): Outgoing {
  const type = call.params.choice('type', sendable, defaultType)
  const content = call.params.string('content')
  if (call.params.has('template_id')) {
    const template = call.world.templates.get(call.params.string('template_id'))
    if (template === undefined) throw notFound('template')
    const rendered = renderTemplate(template, parseJson(content))
    return { type: template.type, content: rendered, attachment: undefined }
  }
  checkText(type, content)
  return { type, content, attachment: attachmentOf(call, type, content) }
}

/** The new content of an edit, as input of a template when one is named. */
export function editedContent(call: ApiCall, type: number): string {
  const content = call.params.string('content')
  if (!call.params.has('template_id')) {
    checkText(type, content)
    return content
  }
  const template = call.world.templates.get(call.params.string('template_id'))
  if (template === undefined) throw notFound('template')
  if (template.type !== type) throw badContent('the template makes another kind of message')
  return renderTemplate(template, parseJson(content))
}

function checkText(type: number, content: string): void {
  if (type !== 10 && content.length > textLimit) {
    throw new ApiRefusal(200, 40014, { zh: '消息内容过长', en: 'The message is too long.' })
  }
}

const mediaTypes: Readonly<Record<number, Attachment['type']>> = { 2: 'image', 3: 'video', 4: 'file' }

function attachmentOf(call: ApiCall, type: SendableType, url: string): Attachment | undefined {
  const kind = mediaTypes[type]
  if (kind === undefined) return undefined
  const asset = call.world.assets.get(url)
  if (asset === undefined || asset.ownerId !== call.caller.id) throw notFound('resource')
  if (kind !== 'file' && !asset.contentType.startsWith(`${kind}/`)) {
    throw badParameter('content', `is no ${kind}`)
  }
  return attachmentFrom(asset, kind)
}

/** How a message carries an uploaded file. */
export const attachmentFrom = (asset: AssetState, type: Attachment['type']): Attachment => ({
  type,
  url: asset.url,
  name: asset.name,
  fileType: asset.contentType,
  size: asset.bytes.length,
})

/**
 * Fills a template's `{{ data.path | filter }}` with its input. Templates are Twig on the platform; this is
 * the part of it that needs no Twig, and anything more is refused.
 */
export function renderTemplate(template: TemplateState, input: unknown): string {
  if (input === undefined) throw badContent('the input of a template is a JSON document')
  const rendered = template.content.replaceAll(
    /\{\{\s*data((?:\.\w+)+)\s*(?:\|\s*(json_escape|yaml_escape|kmd_escape)\s*)?\}\}/g,
    (_match, path: string, filter?: string) => {
      const text = textAt(input, path.slice(1).split('.'))
      return filter === 'json_escape' || filter === 'yaml_escape' ? JSON.stringify(text).slice(1, -1) : text
    },
  )
  if (/\{\{|\{%/.test(rendered)) throw badContent('the emulator fills only {{ data.path }} in templates')
  return rendered
}

function textAt(input: unknown, path: readonly string[]): string {
  const value = path.reduce<unknown>((at, key) => (isJsonObject(at) ? at[key] : undefined), input)
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}
