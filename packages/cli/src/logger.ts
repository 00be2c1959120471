import { type AppLogger, createLogger } from '@mynah/core'

/** A logger on stderr: lines for people when that is a terminal, JSON otherwise. */
export async function createCliLogger(
  level: string | undefined,
  output: NodeJS.WriteStream = process.stderr,
): Promise<AppLogger> {
  const options = level === undefined ? {} : { level }
  if (!output.isTTY) return createLogger(options)
  const { build } = await import('pino-pretty')
  const stream = build({
    colorize: process.env['NO_COLOR'] === undefined,
    translateTime: 'SYS:HH:MM:ss',
    ignore: 'plugin',
    messageFormat: '{if plugin}[{plugin}] {end}{msg}',
    sync: true,
    destination: output,
  })
  return createLogger({ ...options, stream })
}
