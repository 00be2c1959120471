import type { Locale } from './texts.ts'

/** Where a bot can talk from its first day on. */
export const platforms = ['terminal', 'onebot', 'qq', 'kook'] as const

/** One of {@link platforms}. */
export type Platform = (typeof platforms)[number]

/** A value that only the owner of the account knows. */
export interface PlatformValue {
  /** Name in `.env`. */
  readonly variable: string
  /** What it is for. */
  readonly help: Record<Locale, string>
}

/** What a platform adds to a project. */
export interface PlatformFiles {
  /** The adapter's package; its version is that of all packages of the framework. */
  readonly adapter: string
  /** The entry below `adapters:`, without indentation; `${…}` comes from `.env`. */
  readonly config: string
  /** What people have to fill in. */
  readonly values: readonly PlatformValue[]
}

/** What each platform adds; the terminal is always there. */
export const platformFiles: Record<Exclude<Platform, 'terminal'>, PlatformFiles> = {
  onebot: {
    adapter: '@mynah/adapter-onebot',
    config: ['onebot:', '  forward:', '    - url: ${ONEBOT_URL}', '      token: ${ONEBOT_TOKEN}'].join('\n'),
    values: [
      {
        variable: 'ONEBOT_URL',
        help: {
          en: 'address of the WebSocket server in NapCat, Lagrange, LLOneBot …: ws://127.0.0.1:3001',
          'zh-CN': 'NapCat、Lagrange、LLOneBot 等的正向 WebSocket 地址：ws://127.0.0.1:3001',
        },
      },
      {
        variable: 'ONEBOT_TOKEN',
        help: {
          en: 'its access token; leave it empty when there is none',
          'zh-CN': '它的 access token；没有就留空',
        },
      },
    ],
  },
  qq: {
    adapter: '@mynah/adapter-qq',
    config: ['qq:', '  appId: ${QQ_APP_ID}', '  secret: ${QQ_SECRET}'].join('\n'),
    values: [
      {
        variable: 'QQ_APP_ID',
        help: {
          en: 'AppID, from q.qq.com → your bot → development settings',
          'zh-CN': 'AppID，见 q.qq.com → 机器人 → 开发设置',
        },
      },
      {
        variable: 'QQ_SECRET',
        help: { en: 'AppSecret, from the same page', 'zh-CN': 'AppSecret，在同一页面' },
      },
    ],
  },
  kook: {
    adapter: '@mynah/adapter-kook',
    config: ['kook:', '  token: ${KOOK_TOKEN}'].join('\n'),
    values: [
      {
        variable: 'KOOK_TOKEN',
        help: {
          en: 'bot token, from developer.kookapp.cn → your application → Bot',
          'zh-CN': '机器人 Token，见 developer.kookapp.cn → 应用 → 机器人',
        },
      },
    ],
  },
}
