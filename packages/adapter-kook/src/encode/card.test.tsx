import { readJson } from '@mynah/adapter-kit'
import { type Content, MynahError, toElements } from '@mynah/core'
import { describe, expect, it } from 'vitest'

import { planMessages } from '../send/plan.ts'

const png = 'https://img.kookapp.cn/a.png'
const drafts = (...content: Content[]): { kind: number; content: unknown; quote?: string }[] =>
  planMessages(toElements(content)).map(({ attrs: { kind, content: source, ...rest } }) => ({
    kind,
    content: kind === 10 ? readJson(source) : source,
    ...rest,
  }))

function refusal(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (MynahError.is(error)) return `${error.code}: ${error.message}`
  }
  return 'nothing was refused'
}

describe('cards as markup', () => {
  it('has every part of a card', () => {
    const end = Date.now() + 60_000
    const content = (
      <kook-card theme="info" size="lg">
        <kook-header>Vote *now*</kook-header>
        <kook-section mode="right">
          Hello <at id="7" />, <kook-font theme="pink">pick</kook-font>
          <button id="vote:yes">Yes</button>
        </kook-section>
        <kook-section>
          <kook-paragraph cols={2}>
            <kook-field>
              <b>a</b>
            </kook-field>
            <kook-field>b</kook-field>
          </kook-paragraph>
        </kook-section>
        <kook-divider />
        <kook-image-group>
          <kook-image src={png} alt="x" circle fallback={png} />
          <image src={png} />
        </kook-image-group>
        <kook-container>
          <image src={png} />
        </kook-container>
        <kook-context>
          small <image src={png} /> print
        </kook-context>
        <kook-countdown mode="second" end={end} />
        <kook-invite code="abc" />
        <button-group>
          <button id="a">A</button>
        </button-group>
      </kook-card>
    )
    const [draft] = drafts(content)
    expect(draft?.content).toEqual([
      {
        type: 'card',
        theme: 'info',
        size: 'lg',
        modules: [
          { type: 'header', text: { type: 'plain-text', content: 'Vote *now*' } },
          {
            type: 'section',
            mode: 'right',
            text: { type: 'kmarkdown', content: 'Hello (met)7(met), (font)pick(font)[pink]' },
            accessory: {
              type: 'button',
              theme: 'primary',
              click: 'return-val',
              value: 'vote:yes',
              text: { type: 'plain-text', content: 'Yes' },
            },
          },
          {
            type: 'section',
            text: {
              type: 'paragraph',
              cols: 2,
              fields: [
                { type: 'kmarkdown', content: '**a**' },
                { type: 'kmarkdown', content: 'b' },
              ],
            },
          },
          { type: 'divider' },
          {
            type: 'image-group',
            elements: [
              { type: 'image', src: png, alt: 'x', circle: true, fallbackUrl: png },
              { type: 'image', src: png },
            ],
          },
          { type: 'container', elements: [{ type: 'image', src: png }] },
          {
            type: 'context',
            elements: [
              { type: 'kmarkdown', content: 'small' },
              { type: 'image', src: png },
              { type: 'kmarkdown', content: 'print' },
            ],
          },
          { type: 'countdown', mode: 'second', endTime: end },
          { type: 'invite', code: 'abc' },
          {
            type: 'action-group',
            elements: [
              {
                type: 'button',
                theme: 'primary',
                click: 'return-val',
                value: 'a',
                text: { type: 'plain-text', content: 'A' },
              },
            ],
          },
        ],
      },
    ])
  })

  it('is refused with the path when a part is too long', () => {
    const content = (
      <>
        <kook-card>
          <kook-divider />
        </kook-card>
        <kook-card>
          <kook-header>{'x'.repeat(101)}</kook-header>
        </kook-card>
      </>
    )
    expect(refusal(() => drafts(content))).toContain(
      'cards[1].modules[0].text has 101 characters; KOOK takes at most 100.',
    )
  })
})
