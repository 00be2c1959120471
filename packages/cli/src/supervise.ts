import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** The exit code by which a process says that it wants to be run again. */
export const restartExitCode = 51

const marker = 'MYNAH_SUPERVISED'

/** Whether this process is run by {@link supervise}. It then ends when the other one does. */
export function isSupervised(): boolean {
  if (process.env[marker] === undefined) return false
  process.once('disconnect', () => process.exit(1))
  process.channel?.unref()
  return true
}

/**
 * Runs the same command in a process of its own, again and again for as long as it wants that, with the same
 * terminal or pipes.
 *
 * @returns The exit code of the last one.
 */
export async function supervise(): Promise<number> {
  for (;;) {
    const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
      env: { ...process.env, [marker]: '1' },
    })
    // A terminal sends Ctrl+C to both processes by itself.
    const forward = (signal: NodeJS.Signals): void => {
      if (signal === 'SIGTERM' || !process.stdin.isTTY) child.kill(signal)
    }
    process.on('SIGINT', forward).on('SIGTERM', forward)
    const code: number | null = await once(child, 'exit').then(([exitCode]) => exitCode)
    process.off('SIGINT', forward).off('SIGTERM', forward)
    if (code !== restartExitCode) return code ?? 1
  }
}
