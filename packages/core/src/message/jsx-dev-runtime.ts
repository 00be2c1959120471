import { type Component, jsx } from './jsx-runtime.ts'

export { Fragment, type JSX } from './jsx-runtime.ts'

/** What the compiler calls for a tag in development; positions are not kept. */
export const jsxDEV: typeof jsx = jsx

export type { Component }
