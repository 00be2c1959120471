import { MynahError } from '@mynah/core'

declare module '@mynah/core' {
  interface ErrorCodes {
    CONFIG_NOT_FOUND: true
    CONFIG_SYNTAX: true
    MODULE_NOT_FOUND: true
    MODULE_LOAD_FAILED: true
  }
}

/** One thing that is wrong with a project's configuration, with the place where it stands. */
export interface ProjectIssue {
  /** File as people see it: relative to the project. */
  readonly file: string
  /** Counted from 1; absent where the format does not tell (TypeScript, JavaScript). */
  readonly line: number | undefined
  /** Counted from 1; absent where the line is. */
  readonly column: number | undefined
  /** Keys from the top of the file. */
  readonly path: readonly (string | number)[]
  /** What is wrong, and what would be right. */
  readonly message: string
}

/** `bot.config.yaml:3:5 plugins.dice.sides: …` */
export function formatIssue({ file, line, column, path, message }: ProjectIssue): string {
  const place = line === undefined ? file : `${file}:${line}:${column ?? 1}`
  return path.length === 0 ? `${place} ${message}` : `${place} ${path.join('.')}: ${message}`
}

/** The configuration is wrong (`CONFIG_INVALID`) or cannot be read (`CONFIG_SYNTAX`); {@link issues} has everything at once. */
export class ProjectConfigError extends MynahError {
  override readonly name: string = 'ProjectConfigError'
  /** Everything that is wrong. */
  readonly issues: readonly ProjectIssue[]

  constructor(issues: readonly ProjectIssue[], code: 'CONFIG_INVALID' | 'CONFIG_SYNTAX' = 'CONFIG_INVALID') {
    const opening = code === 'CONFIG_SYNTAX' ? 'The configuration file cannot be read.' : ''
    super(code, opening + issues.map((issue) => `\n  ${formatIssue(issue)}`).join(''))
    this.issues = issues
  }
}
