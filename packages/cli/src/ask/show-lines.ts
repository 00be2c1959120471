import type { LogLine } from '@mynah/control'

import { terminalLine } from '../log/terminal-lines.ts'

/** Writes lines of a log as they come, for programs or for people. */
export async function showLines(lines: AsyncIterable<LogLine>, isJson: boolean): Promise<void> {
  const useColours = process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === ''
  for await (const line of lines)
    process.stdout.write(
      isJson ? `${JSON.stringify(line)}\n` : terminalLine(line, { useColours, showStacks: true }),
    )
}
