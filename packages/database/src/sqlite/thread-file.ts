/** The program of a thread; tests, which run the sources, put `test/thread-file.ts` in the place of this file. */
export const threadFile: URL = new URL('thread.cjs', import.meta.url)
