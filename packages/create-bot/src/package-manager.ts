import { spawn } from 'node:child_process'

/** Programs that install packages. */
export const packageManagers = ['npm', 'pnpm', 'yarn', 'bun'] as const

/** One of {@link packageManagers}. */
export type PackageManager = (typeof packageManagers)[number]

const installArguments: Record<PackageManager, readonly string[]> = {
  npm: ['install', '--no-audit', '--no-fund'],
  // A folder inside another workspace is a project of its own.
  pnpm: ['install', '--ignore-workspace'],
  yarn: ['install'],
  bun: ['install'],
}

/** The package manager that runs us, as it says in `npm_config_user_agent` (`pnpm/10.34.8 npm/? node/v20.20.2 …`). */
export function detectPackageManager(userAgent: string | undefined): PackageManager {
  const [name] = /^[^/\s]*/.exec(userAgent ?? '') ?? []
  return packageManagers.find((manager) => manager === name) ?? 'npm'
}

/** How installing ended; `missing` when the package manager itself is not there. */
export type InstallResult = 'installed' | 'failed' | 'missing'

/** What a shell ends with when it does not find a program: those of Unix, and that of Windows. */
const notFoundCodes: ReadonlySet<number | null> = new Set([127, 9009])

/** Installs what a project needs, with the package manager's own output. */
export function install(manager: PackageManager, folder: string): Promise<InstallResult> {
  return new Promise((resolve) => {
    const isWindows = process.platform === 'win32'
    const child = spawn(manager, installArguments[manager], {
      cwd: folder,
      stdio: ['ignore', 'inherit', 'inherit'],
      // On Windows they are .cmd files, which only a shell runs.
      shell: isWindows,
    })
    child.on('error', (error) => resolve('code' in error && error.code === 'ENOENT' ? 'missing' : 'failed'))
    child.on('close', (code) =>
      resolve(code === 0 ? 'installed' : notFoundCodes.has(code) ? 'missing' : 'failed'),
    )
  })
}

/** How a script of package.json is run. */
export function runCommand(manager: PackageManager, script: string): string {
  return manager === 'npm' || manager === 'bun' ? `${manager} run ${script}` : `${manager} ${script}`
}
