/**
 * The runtime of a Mynah bot: contexts, plugins, services, events, messages, commands and dispatch.
 *
 * @example
 * ```ts
 * import { definePlugin, z } from '@mynah/core'
 *
 * export default definePlugin({
 *   name: 'dice',
 *   config: z.object({ sides: z.int().min(2).default(6).describe('Faces of the die') }),
 *   setup(ctx, config) {
 *     ctx.command('roll', 'Roll a die').action(() => 1 + Math.floor(Math.random() * config.sides))
 *   },
 * })
 * ```
 *
 * @packageDocumentation
 */

export { z } from 'zod'

// plugins and contexts
export { definePlugin } from './context/define-plugin.ts'
export { App } from './app/app.ts'
export type {
  CommandInfo,
  GuildSettingsInfo,
  Inspection,
  LoadInfo,
  MiddlewareInfo,
  PluginInfo,
} from './app/inspect.ts'
export type { AppOptions } from './app/options.ts'
export { type AppSettings, readSettings, type Settings, settingsShape } from './app/settings.ts'
export type { LogSettings } from './log/settings.ts'
export type { BreakerSettings } from './plugin/breaker.ts'
export { Context } from './context/context.ts'
export type { Agenda, AgendaEntry, DueEntry } from './context/agenda.ts'
export type { CronOptions, Job, JobResult, JobRun } from './context/job.ts'
export type { Swap, SwapReport, SwapResult } from './app/swap.ts'
export { checkConfig, type ConfigIssue } from './plugin/check-config.ts'
export type { Hot } from './plugin/hot.ts'
export { type InstanceOptions, PluginInstance } from './plugin/instance.ts'
export {
  type AdapterConfigs,
  type ConfigInput,
  type Declarations,
  type Inject,
  type Injected,
  isPlugin,
  type Plugin,
  type PluginConfigs,
  type PluginOptions,
} from './plugin/plugin.ts'
export { perPlugin, type PerPlugin, type PerPluginOptions, type ServiceHolder } from './plugin/per-plugin.ts'
export type { DeclaredServices, ServiceName, Services } from './plugin/services.ts'
export type { WaitingPlugin } from './plugin/waiting.ts'
export { type Dispose, type EffectInfo, type EffectKind, Scope, type ScopeState } from './lifecycle/scope.ts'

export { LeakDetector, type ResourceLeak } from './lifecycle/leak-detector.ts'
export type { Filter } from './filter/combine.ts'
export { filter, type FilterSpec } from './filter/filter.ts'
export { filterSchema } from './filter/schema.ts'

// messages
export {
  type AttributeValue,
  type Content,
  type Element,
  element,
  type ElementOf,
  type ElementType,
  type ElementTypes,
  findElement,
  isElement,
  type MediaAttributes,
  plainText,
  standardElements,
  text,
  toElements,
} from './message/element.ts'
export { degrade } from './message/degrade.ts'
export type { MessageSupport } from './message/support.ts'
export { escape } from './message/escape.ts'
export { parse } from './message/parse.ts'
export { render } from './message/render.ts'
export { file, type LocalFile } from './message/local-file.ts'
export { type MediaSource, segment } from './message/segment.ts'
export { split } from './message/split.ts'

// events and sessions
export {
  type ChatEvent,
  type ChatEventName,
  type ChatEvents,
  type EventWith,
  type PlatformEvent,
  type PlatformEvents,
  type SettledMessage,
} from './model/event.ts'
export type {
  Channel,
  ChannelType,
  Emoji,
  Guild,
  Json,
  LoginStatus,
  Member,
  MemberRole,
  Message,
  PressedButton,
  Role,
  SharedFile,
  User,
} from './model/resources.ts'
export type {
  AppEvents,
  EventArgument,
  EventName,
  ExitRequest,
  Listener,
  ListenerOptions,
} from './dispatch/listeners.ts'
export type { DispatchLimits } from './dispatch/settings.ts'
export {
  ask,
  type AskOptions,
  type Choice,
  type Choices,
  type NumberRange,
  type PromptAnswer,
  type PromptOptions,
  type Question,
  type QuestionOptions,
  type Validate,
} from './prompt/questions.ts'
export type { DeadLetter, StoredMessages, StoredState } from './bot/stored-messages.ts'
export type { PromptScope } from './event/prompt-scope.ts'
export type { AddressedBy } from './event/address.ts'
export type { Form } from './prompt/form.ts'
export type { CompletedForm, FormBuilder, StepAnswer, WithAnswer } from './form/form-builder.ts'
export type { FormSession } from './form/declared-form.ts'
export { type ReplyOptions, Session } from './session/session.ts'
export { formatTrace } from './trace/format-trace.ts'
export { describeSilence, type Silence, type SilenceCode, silenceOf, troubleOf } from './trace/silence.ts'
export type { TraceKind } from './trace/kinds.ts'
export type { Trace, Traces, TraceStep } from './trace/trace.ts'
export type { ConcurrencyOptions, WhenBusy } from './middleware/keyed-queue.ts'
export type {
  Answer,
  MessageSession,
  Middleware,
  MiddlewareOptions,
  MiddlewareStage,
  Observer,
  ObserverOptions,
} from './middleware/middleware.ts'
export type { Outcome, OutcomeAuthor, OutcomeStatus } from './event/outcome.ts'
export type { LimitScope } from './middleware/limit-scope.ts'

// commands
export { type ArgumentParser } from './command/arguments.ts'
export type { CommandBuilder, CooldownOptions, Preset, QuotaOptions } from './command/builder.ts'
export type { Action, CommandAnswer, Description, Invocation } from './command/command.ts'
export type { CommandIssue } from './command/command-table.ts'
export { duration } from './command/duration-setting.ts'
export type { CommandOverride, CommandOverrides, CooldownOverride } from './command/override.ts'
export type { AnswerSettings } from './command/runner.ts'
export type { Token } from './command/tokenize.ts'
export type { ArgumentsOf, ArgumentTypes, CheckedDeclaration, OptionOf } from './command/types.ts'

// settings of guilds
export type { GuildKey, GuildPlace, GuildSetting, GuildSettings } from './guild/guild-settings.ts'
export type { GuildSettingChange } from './guild/guild-settings-table.ts'
export type { SettingPath, SettingSpec, SettingValue } from './guild/setting-spec.ts'

// languages
export type { LocaleOwner, LocaleResolver, LocaleRules } from './i18n/locale-table.ts'
export type { FrameworkKey } from './i18n/locales/keys.ts'
export type { TextSettings, TextValues, Translate } from './i18n/texts.ts'
export type {
  TextArguments,
  TextKey,
  TextTable,
  TextTables,
  TextTarget,
  Translator,
} from './i18n/translator.ts'

// permissions
export type { PermissionAccess, PermissionSubject } from './permission/access.ts'
export type { Grant, GrantRule } from './permission/grant.ts'
export type { Permission, PermissionContext, PermissionTable } from './permission/permission.ts'
export { permission } from './permission/predicates.ts'

// bots and sending
export type { Bot, BotFeature, BotInfo, BotMethods, Intake, Page, PlatformApis } from './bot/bot.ts'
export type { BotRegistry } from './bot/bot-registry.ts'
export type { DurableOptions, EditOptions, SendOptions, SendTrace } from './bot/send-options.ts'
export type { ComponentAttributes, ComponentUse, ElementComponent } from './compose/components.ts'
export {
  type OutgoingDraft,
  type OutgoingMiddleware,
  type OutgoingOptions,
  suppress,
} from './compose/outgoing.ts'
export {
  type DeliveredReceipt,
  type FailedReceipt,
  type PendingReceipt,
  type StoredReceipt,
  type Receipt,
  type ReplyBudget,
  type SendFailure,
  type SendStep,
  type SettledReceipt,
} from './model/receipt.ts'

// errors, logs and small tools
export type { ErrorCode, ErrorCodes } from './errors/codes.ts'
export { MynahError, type MynahErrorOptions } from './errors/mynah-error.ts'
export { thrownError } from './errors/thrown.ts'
export { UserError } from './errors/user-error.ts'
export { type AppLogger, createLogger, type LoggerOptions, type LogStream } from './log/logger.ts'
export { LineSink } from './log/line-sink.ts'
export { type Clock, systemClock } from './shared/clock.ts'
export type { LogMethod, Logger } from './shared/logger.ts'
export { printable } from './shared/printable.ts'
export type { SourceSite } from './shared/stack.ts'
