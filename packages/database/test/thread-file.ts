import { inject } from 'vitest'

/** The program of a thread, which `thread-program.ts` has made of its source. */
export const threadFile: URL = new URL(`data:text/javascript,${encodeURIComponent(inject('threadProgram'))}`)
