const tsx = import.meta.resolve('tsx/esm/api')
const source = new URL('../src/sqlite/thread.ts', import.meta.url).href

/** The program of a thread, from its source: Node 20 starts no thread with TypeScript. */
export const threadFile: URL = new URL(
  `data:text/javascript,import { register } from '${tsx}'; register(); await import('${source}')`,
)
