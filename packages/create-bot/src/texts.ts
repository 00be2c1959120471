import type { NameProblem } from './package-name.ts'

/** Languages that we speak. */
export type Locale = 'en' | 'zh-CN'

/** Everything that is said to the person at the keyboard. */
export interface Texts {
  /** The first line. */
  readonly title: string
  /** Asks for the folder. */
  readonly askName: string
  /** Asks what the bot talks through. */
  readonly askPlatform: string
  /** Names of what a bot can talk through. */
  readonly platforms: Record<'terminal' | 'onebot' | 'qq' | 'kook', string>
  /** Nothing was made. */
  readonly cancelled: string
  /** A name that no package may have. */
  badName(name: string, problem: NameProblem, suggestion: string): string
  /** The folder has files in it. */
  notEmpty(folder: string): string
  /** The path is that of a file. */
  notFolder(path: string): string
  /** Packages are being installed. */
  readonly installing: (manager: string) => string
  /** Installing failed; the files are there. */
  installFailed(manager: string): string
  /** The package manager is not there; the files are. */
  managerMissing(manager: string): string
  /** The folder is made. */
  created(name: string, count: number): string
  /** Stands above what to do next. */
  readonly next: string
  /** A package was added for what Node does not have. */
  sqliteAdded(node: string): string
  /** What to do before a platform works. */
  fillIn(platform: string): string
}

const english: Texts = {
  title: 'A new Mynah bot',
  askName: 'What is it called?',
  askPlatform: 'Where does it talk?',
  platforms: {
    terminal: 'only in the terminal for now (no account needed)',
    onebot: 'QQ, through NapCat, Lagrange or another OneBot 11 implementation',
    qq: 'QQ, as an official bot',
    kook: 'KOOK',
  },
  cancelled: 'Nothing was written.',
  /** A name that no package may have. */
  badName(name, problem, suggestion) {
    const reasons: Record<NameProblem, string> = {
      empty: 'A bot needs a name.',
      long: 'The name is longer than 214 characters.',
      start: `"${name}" begins with a dot, a dash or an underscore.`,
      characters: `"${name}" cannot be the name of a package: small letters, digits, dots, dashes and underscores only.`,
      reserved: `"${name}" is a reserved name.`,
    }
    return `${reasons[problem]} Try ${suggestion}.`
  },
  notEmpty: (folder) => `${folder} is not empty. Choose another name, or empty it first.`,
  notFolder: (path) => `${path} is a file. Choose another name.`,
  installing: (manager) => `Installing with ${manager} …`,
  installFailed: (manager) =>
    `The files are written, but ${manager} could not install the packages. See its message above, then run it again in the folder.`,
  managerMissing: (manager) =>
    `The files are written, but ${manager} is not installed. Install it, or run another package manager in the folder (npm install).`,
  created: (name, count) => `${name} is ready: ${count} files.`,
  sqliteAdded: (node) =>
    `Node ${node} brings no SQLite, so @photostructure/sqlite (29 MB) is added; Node 22.16 or newer needs none.`,
  next: 'Next:',
  fillIn: (platform) =>
    `For ${platform}: fill in .env, then take the # away from "${platform}" in bot.config.yaml.`,
}

const chinese: Texts = {
  title: '新的 Mynah 机器人',
  askName: '叫什么名字？',
  askPlatform: '在哪里聊天？',
  platforms: {
    terminal: '先在终端里（不需要账号）',
    onebot: 'QQ，通过 NapCat、Lagrange 等 OneBot 11 实现',
    qq: 'QQ 官方机器人',
    kook: 'KOOK',
  },
  cancelled: '没有写入任何文件。',
  /** A name that no package may have. */
  badName(name, problem, suggestion) {
    const reasons: Record<NameProblem, string> = {
      empty: '机器人需要一个名字。',
      long: '名字超过 214 个字符。',
      start: `“${name}” 不能以点、横线或下划线开头。`,
      characters: `“${name}” 不能用作包名：只能使用小写字母、数字、点、横线和下划线。`,
      reserved: `“${name}” 是保留的名字。`,
    }
    return `${reasons[problem]}可以用 ${suggestion}。`
  },
  notEmpty: (folder) => `${folder} 不是空文件夹。请换一个名字，或先清空它。`,
  notFolder: (path) => `${path} 是一个文件。请换一个名字。`,
  installing: (manager) => `正在用 ${manager} 安装依赖……`,
  installFailed: (manager) =>
    `文件已经写好，但 ${manager} 没能装好依赖。请看上面的信息，再到该文件夹里重新安装。`,
  managerMissing: (manager) =>
    `文件已经写好，但没有安装 ${manager}。请先安装它，或在该文件夹里改用别的包管理器（npm install）。`,
  created: (name, count) => `${name} 已就绪，共 ${count} 个文件。`,
  sqliteAdded: (node) =>
    `Node ${node} 没有自带可用的 SQLite，所以添加了 @photostructure/sqlite（29 MB）；Node 22.16 以上不需要它。`,
  next: '接下来：',
  fillIn: (platform) => `连接 ${platform}：填写 .env，再去掉 bot.config.yaml 中 ${platform} 前面的 #。`,
}

/** All languages. */
export const texts: Record<Locale, Texts> = { en: english, 'zh-CN': chinese }

/** The language of the environment, by the rules of POSIX; the system's own where it has no such variables. */
export function detectLocale(environment: NodeJS.ProcessEnv): Locale {
  const named = [environment['LC_ALL'], environment['LC_MESSAGES'], environment['LANG']].find(Boolean)
  const locale = named ?? new Intl.DateTimeFormat().resolvedOptions().locale
  return /^zh\b|^zh_/i.test(locale) ? 'zh-CN' : 'en'
}
