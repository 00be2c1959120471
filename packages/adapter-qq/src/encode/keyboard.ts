import { type Element, type ElementOf, isElement, MynahError, plainText } from '@mynah/core'
import type { Button, Keyboard } from '../wire/content.ts'

const rowLimit = 5
const rowsLimit = 5
const labelLimit = 10

/** `permission.type`; sent always, as 0 is a value of its own. */
const permissions = { listed: 0, everyone: 2 } as const

const actions = { link: 0, action: 1, input: 2 } as const

const styles = { secondary: 0, primary: 1, success: 1, danger: 3 } as const

/**
 * The keyboard of the buttons in a message: each group begins a new row, rows hold up to five.
 *
 * @throws MynahError `ELEMENT_INVALID` when there are more rows than five.
 */
export function encodeKeyboard(elements: readonly Element[]): Keyboard | undefined {
  const rows: ElementOf<'button'>[][] = []
  let open: ElementOf<'button'>[] | undefined
  const add = (button: ElementOf<'button'>): void => {
    if (open === undefined || open.length === rowLimit) rows.push((open = []))
    open.push(button)
  }
  for (const node of elements) {
    if (isElement(node, 'button')) add(node)
    if (!isElement(node, 'button-group')) continue
    open = undefined
    for (const child of node.children) if (isElement(child, 'button')) add(child)
    open = undefined
  }
  if (rows.length === 0) return undefined
  if (rows.length > rowsLimit) {
    throw new MynahError(
      'ELEMENT_INVALID',
      `The buttons make ${rows.length} rows; the platform shows ${rowsLimit}.`,
    )
  }
  let count = 0
  return {
    content: { rows: rows.map((row) => ({ buttons: row.map((node) => encodeButton(node, (count += 1))) })) },
  }
}

function encodeButton(node: ElementOf<'button'>, number: number): Button {
  const { attrs } = node
  const type = attrs.type ?? (attrs.href === undefined ? 'action' : 'link')
  const label = shorten(plainText(node.children) || attrs.text || attrs.id || String(number))
  const users = attrs.for?.split(/\s+/).filter((id) => id !== '') ?? []
  const data = { link: attrs.href, action: attrs.id, input: attrs.text ?? label }[type]
  return {
    id: attrs.id ?? `button-${number}`,
    render_data: { label, visited_label: label, style: styles[attrs.theme ?? 'secondary'] },
    action: {
      type: actions[type],
      permission:
        users.length === 0
          ? { type: permissions.everyone }
          : { type: permissions.listed, specify_user_ids: users },
      data: data ?? label,
      unsupport_tips: label,
    },
  }
}

/** Labels have at most ten characters; the end of a longer one shows that something is missing. */
function shorten(label: string): string {
  const characters = Array.from(label)
  return characters.length <= labelLimit ? label : `${characters.slice(0, labelLimit - 1).join('')}…`
}
