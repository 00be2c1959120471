/**
 * OneBot v11 for Mynah: go-cqhttp, NapCat, LLOneBot, Lagrange.OneBot and everything else that speaks it.
 *
 * @packageDocumentation
 */
export { default } from './adapter.ts'
export { OneBotBot } from './bot.ts'
export { type OneBotConfig, type OneBotConfigInput } from './config.ts'
