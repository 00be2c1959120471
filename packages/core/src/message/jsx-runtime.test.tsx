import { expect, it } from 'vitest'

import { type Content, element, toElements } from './element.ts'
import { segment } from './segment.ts'

function Greeting({ name }: { name: string }): Content {
  return (
    <>
      Hi <b>{name}</b>!
    </>
  )
}

it('builds the same elements as the functions do', () => {
  expect(toElements(<at id="1" name="Lin" />)).toEqual([segment.at('1', 'Lin')])
  expect(
    toElements(
      <>
        a{1}
        {false}
        {null}
        <br />
      </>,
    ),
  ).toEqual(toElements(['a1', element('br', {})]))
})

it('calls components with their attributes and children', () => {
  expect(toElements(<Greeting name="Bo" />)).toEqual(toElements(['Hi ', element('b', {}, 'Bo'), '!']))
})

it('checks the attributes of known tags', () => {
  // @ts-expect-error `latitude` is missing
  const missing = <location longitude={1} />
  // @ts-expect-error there is no such tag
  const unknown = <picture />
  expect(toElements([missing, unknown])).toHaveLength(2)
})
