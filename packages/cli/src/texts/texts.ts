import type { ControlErrorCode } from '@mynah/control'
import type { LoginStatus, ScopeState, SilenceCode } from '@mynah/core'

import type { Locale } from './locale.ts'

/** Names of the commands of `bot`. */
export type CommandName = 'dev' | 'start' | 'status' | 'stop' | 'restart' | 'logs' | 'send' | 'explain'

/** What the help is made of. */
export interface HelpTexts {
  /** One line about the program. */
  readonly program: string
  /** One line about each command, without a full stop. */
  readonly commands: Record<CommandName, string>
  /** One line about each option and argument. */
  readonly options: Record<
    | 'cwd'
    | 'logLevel'
    | 'json'
    | 'follow'
    | 'lines'
    | 'plugin'
    | 'level'
    | 'account'
    | 'channel'
    | 'user'
    | 'text'
    | 'message'
    | 'writer'
    | 'place'
    | 'help'
    | 'helpCommand'
    | 'version',
    string
  >
  /** Titles of the parts of a help page. */
  readonly titles: Record<'usage' | 'arguments' | 'options' | 'commands', string>
  /** Stands below an error in what somebody has typed. */
  readonly hint: string
}

/** What `bot status` says. */
export interface StatusTexts {
  /** `{pid, mode, root}` and for how long. */
  runs(facts: { pid: number; mode: 'development' | 'production'; root: string; since: string }): string
  readonly starting: string
  readonly accounts: string
  readonly noAccounts: string
  readonly plugins: string
  /** What an account or a plugin does. */
  readonly states: Readonly<Record<LoginStatus | ScopeState, string>>
  waitsFor(services: string): string
  lastEvent(ago: string): string
  refused(count: number): string
  events(running: number, queued: number): string
}

/** What `bot explain` says. */
export interface ExplainTexts {
  /** Who wrote what where, with the time. */
  wrote(facts: { time: string; user: string; place: string; text: string; account: string }): string
  readonly answered: string
  /** Why there was no answer, or not the one that was hoped for. */
  readonly reasons: Record<SilenceCode, (by: string, detail: string) => string>
  /** Stands above plugins that do not run. */
  readonly notRunning: string
  /** Stands above the decisions. */
  readonly steps: string
}

/** Everything that is said to whoever is at the keyboard. */
export interface Texts {
  readonly locale: Locale
  readonly help: HelpTexts
  readonly status: StatusTexts
  readonly explain: ExplainTexts
  stopped(pid: number): string
  restarted(before: number, now: number): string
  stillRuns(pid: number, limit: string): string
  notBack(limit: string): string
  sent(account: string, channel: string): string
  /** Why the bot could not be asked, and what to do. */
  readonly errors: Record<ControlErrorCode, (detail: string) => string>
}
