import { isRecord } from '@mynah/adapter-kit'
import { MynahError } from '@mynah/core'

/**
 * The limits of a card message.
 *
 * @see KOOK developer documentation, "卡片消息" (card messages).
 */
export const cardLimits = {
  cards: 5,
  /** Over all cards of a message. */
  modules: 50,
  headerCharacters: 100,
  plainTextCharacters: 2000,
  kmarkdownCharacters: 5000,
  buttonCharacters: 40,
  altCharacters: 20,
  images: 9,
  buttons: 4,
  contextElements: 10,
  paragraphFields: 50,
} as const

const themes = new Set(['primary', 'success', 'danger', 'warning', 'info', 'secondary', 'none', 'invisible'])
const sizes = new Set(['xs', 'sm', 'md', 'lg'])
const modes = new Set(['day', 'hour', 'second'])
/** Modules that need a frame: an invisible card cannot hold them. */
export const framedModules: ReadonlySet<string> = new Set(['image-group', 'countdown', 'invite'])

type Fields = Readonly<Record<string, unknown>>
type Check = (value: Fields, path: string) => void

/**
 * Checks a card message against the platform's limits.
 *
 * @param first - Which place the first card has among all cards that are told of, counted from 0.
 * @throws MynahError `ELEMENT_INVALID` with the path of what is wrong and the limit, such as
 * `cards[0].modules[2].text has 101 characters; KOOK takes at most 100.`
 */
export function checkCards(cards: readonly unknown[], first = 0): void {
  checkCount(cards, 'cards', 1, cardLimits.cards, 'cards')
  let modules = 0
  for (const [index, card] of cards.entries()) {
    const path = `cards[${first + index}]`
    const list = checkCard(card, path)
    modules += list.length
    if (modules > cardLimits.modules) {
      refuse(`${path}.modules`, `brings the message to ${modules} modules`, cardLimits.modules)
    }
  }
}

/** Says what is wrong where. */
function refuse(path: string, what: string, limit?: number): never {
  const advice = limit === undefined ? '.' : `; KOOK takes at most ${limit}.`
  throw new MynahError('ELEMENT_INVALID', `${path} ${what}${advice}`)
}

function checkCard(card: unknown, path: string): readonly unknown[] {
  if (!isRecord(card) || card['type'] !== 'card') return refuse(path, 'is no card')
  const { theme = 'primary', color, size, modules } = card
  oneOf(themes, theme, `${path}.theme`)
  if (color !== undefined && (typeof color !== 'string' || !/^(?:#[\da-f]{6})?$/i.test(color))) {
    refuse(`${path}.color`, 'is no colour such as #aaaaaa')
  }
  if (size !== undefined && size !== 'sm' && size !== 'lg') refuse(`${path}.size`, 'is neither sm nor lg')
  if (!Array.isArray(modules)) return refuse(`${path}.modules`, 'is no list')
  for (const [index, module] of modules.entries()) {
    checkModule(module, `${path}.modules[${index}]`, theme === 'invisible')
  }
  return modules
}

function checkModule(module: unknown, path: string, isInvisible: boolean): void {
  if (!isRecord(module)) return refuse(path, 'is no module')
  const { type } = module
  if (typeof type !== 'string') return refuse(path, 'has no type')
  if (isInvisible && framedModules.has(type)) {
    refuse(path, `is of the type ${type}, which an invisible card cannot hold`)
  }
  const hasAccessory = isRecord(module['accessory'])
  if (isInvisible && hasAccessory) refuse(`${path}.accessory`, 'cannot stand in an invisible card')
  // Types that are not known here are for the platform to judge.
  if (Object.hasOwn(modules, type)) modules[type]?.(module, path)
}

type CheckItem = (item: unknown, path: string) => void

const each =
  (most: number, check: CheckItem): Check =>
  ({ elements }, path) =>
    checkList(elements, `${path}.elements`, [1, most, 'elements'], check)

const images = each(cardLimits.images, checkImage)

const media: Check = ({ src, title }, path) => {
  if (typeof src !== 'string' || src === '') refuse(`${path}.src`, 'is missing')
  if (title !== undefined && typeof title !== 'string') refuse(`${path}.title`, 'is no text')
}

/** What each module has to be. */
const modules: Readonly<Record<string, Check | undefined>> = {
  header: ({ text }, path) => checkText(text, `${path}.text`, cardLimits.headerCharacters, 'plain-text'),
  section: ({ text, mode, accessory }, path) => {
    if (isRecord(text) && text['type'] === 'paragraph') checkParagraph(text, `${path}.text`)
    else checkText(text, `${path}.text`)
    if (mode !== undefined && mode !== 'left' && mode !== 'right')
      refuse(`${path}.mode`, 'is neither left nor right')
    if (isRecord(accessory)) checkAccessory(accessory, `${path}.accessory`, mode === 'left')
  },
  'image-group': images,
  container: images,
  'action-group': each(cardLimits.buttons, checkButton),
  context: each(cardLimits.contextElements, (part, at) =>
    isRecord(part) && part['type'] === 'image' ? checkImage(part, at) : checkText(part, at),
  ),
  divider: () => {},
  file: media,
  audio: media,
  video: media,
  countdown: checkCountdown,
  invite: ({ code }, path) => {
    if (typeof code !== 'string' || code === '') refuse(`${path}.code`, 'is missing')
  },
}

function checkAccessory(accessory: Fields, path: string, isLeft: boolean): void {
  if (accessory['type'] === 'image') return checkImage(accessory, path)
  if (isLeft) refuse(path, 'is a button, which stands only on the right')
  checkButton(accessory, path)
}

function checkCountdown({ mode, endTime, startTime }: Fields, path: string): void {
  oneOf(modes, mode, `${path}.mode`)
  const now = Date.now()
  if (typeof endTime !== 'number' || endTime < now) return refuse(`${path}.endTime`, 'lies in the past')
  if (startTime === undefined) return
  if (mode !== 'second') refuse(`${path}.startTime`, 'goes only with the mode second')
  if (typeof startTime !== 'number' || startTime < now) return refuse(`${path}.startTime`, 'lies in the past')
  if (startTime >= endTime) refuse(`${path}.startTime`, 'does not lie before endTime')
}

function checkParagraph({ cols, fields }: Fields, path: string): void {
  if (cols !== 1 && cols !== 2 && cols !== 3) refuse(`${path}.cols`, 'is not 1, 2 or 3')
  checkList(fields, `${path}.fields`, [0, cardLimits.paragraphFields, 'fields'], (field, at) =>
    checkText(field, at),
  )
}

function checkImage(image: unknown, path: string): void {
  if (!isRecord(image) || image['type'] !== 'image') return refuse(path, 'is no image')
  const { src, alt, size } = image
  if (typeof src !== 'string' || src === '') refuse(`${path}.src`, 'is missing')
  if (alt !== undefined) checkLength(alt, `${path}.alt`, cardLimits.altCharacters)
  if (size !== undefined) oneOf(sizes, size, `${path}.size`)
}

function checkButton(button: unknown, path: string): void {
  if (!isRecord(button) || button['type'] !== 'button') return refuse(path, 'is no button')
  const { value = '', click = '', theme, text } = button
  if (typeof value !== 'string') return refuse(`${path}.value`, 'is no string; serialise it yourself')
  if (click !== '' && click !== 'link' && click !== 'return-val')
    refuse(`${path}.click`, 'is not link or return-val')
  if (click === 'link' && !/^https?:\/\//i.test(value)) refuse(`${path}.value`, 'is no http(s) URL')
  if (theme !== undefined) oneOf(themes, theme, `${path}.theme`)
  checkText(text, `${path}.text`, cardLimits.buttonCharacters)
  if (contentOf(text) === '') refuse(`${path}.text`, 'is empty')
}

function checkText(text: unknown, path: string, limit?: number, only?: 'plain-text'): void {
  const isKMarkdown = isRecord(text) && text['type'] === 'kmarkdown'
  if (isKMarkdown && only !== undefined) refuse(path, 'is KMarkdown, but takes only plain text')
  if (isRecord(text) && !isKMarkdown && text['type'] !== 'plain-text') refuse(path, 'is no text')
  const most = isKMarkdown ? cardLimits.kmarkdownCharacters : cardLimits.plainTextCharacters
  checkLength(contentOf(text), path, limit ?? most)
}

function contentOf(text: unknown): unknown {
  return isRecord(text) ? text['content'] : text
}

function checkLength(value: unknown, path: string, limit: number): void {
  if (typeof value !== 'string') return refuse(path, 'is no text')
  if (value.length > limit) refuse(path, `has ${value.length} characters`, limit)
}

/** Checks how many items a list has, and each of them. */
function checkList(
  list: unknown,
  path: string,
  [least, most, noun]: readonly [least: number, most: number, noun: string],
  check: CheckItem,
): void {
  if (!Array.isArray(list)) return refuse(path, 'is no list')
  checkCount(list, path, least, most, noun)
  for (const [index, item] of list.entries()) check(item, `${path}[${index}]`)
}

function checkCount(list: readonly unknown[], path: string, least: number, most: number, noun: string): void {
  if (list.length < least) refuse(path, 'is empty')
  if (list.length > most) refuse(path, `has ${list.length} ${noun}`, most)
}

function oneOf(known: ReadonlySet<string>, value: unknown, path: string): void {
  if (typeof value !== 'string' || !known.has(value)) refuse(path, `is not one of ${[...known].join(', ')}`)
}
