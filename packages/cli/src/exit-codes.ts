/** What `bot` exits with by itself; the README explains each to operators. */
export const exitCodes = {
  /** A signal, a command or a plugin ended it, or the chat in the terminal is over. */
  stopped: 0,
  /** It could not start. */
  failed: 1,
  /** No bot runs in the folder. */
  notRunning: 3,
  /** It ended although nobody wanted it to. */
  crashed: 70,
  /** The config has to be mended first; starting again does not help. */
  config: 78,
} as const

/** Why a process ends, and with which exit code. */
export interface End {
  /** The exit code. */
  readonly code: number
  /** In words for the log. */
  readonly reason: string
}
