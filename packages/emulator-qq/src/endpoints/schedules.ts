import { ApiRefusal } from '../calls/refusal.ts'
import { dayOf } from '../world/time.ts'
import { empty, guildAdmin, ok, type Endpoints } from '../calls/endpoint.ts'
import type { JsonObject } from '@mynah/emulator-kit'
import type { Fields } from '../calls/fields.ts'
import type { Platform } from '../world/platform.ts'
import { scheduleView } from '../world/views.ts'
import type { ChannelState, ScheduleState } from '../world/world.ts'
import { Places } from './places.ts'

const longestMs = 7 * 86_400_000
const perAdmin = 10
const perGuild = 100
const reminders = ['0', '1', '2', '3', '4', '5']
const one = '/channels/{channel_id}/schedules/{schedule_id}'

/** Schedules in schedule channels. Times are milliseconds, written as text. */
export const scheduleEndpoints = (platform: Platform): Endpoints => {
  const places = new Places(platform)
  const needs = [guildAdmin(302010)]
  const find = (channel: ChannelState, id: string): ScheduleState => {
    const schedule = channel.schedules.get(id)
    if (schedule === undefined) throw new ApiRefusal(302001)
    return schedule
  }
  const show = ({ guild }: ChannelState, schedule: ScheduleState): JsonObject =>
    scheduleView(schedule, guild.members.get(schedule.creatorId))
  return {
    'GET /channels/{channel_id}/schedules': {
      handle({ param, query }) {
        const channel = places.channel(param('channel_id'))
        const since = query.get('since')
        const found = [...channel.schedules.values()].filter(({ fields }) => {
          const start = Number(fields.start_timestamp)
          return since === null ? dayOf(start) === dayOf(platform.clock.now()) : start >= Number(since)
        })
        return ok(found.length === 0 ? null : found.map((schedule) => show(channel, schedule)))
      },
    },
    [`GET ${one}`]: {
      handle({ param }) {
        const channel = places.channel(param('channel_id'))
        return ok(show(channel, find(channel, param('schedule_id'))))
      },
    },
    'POST /channels/{channel_id}/schedules': {
      needs,
      handle({ param, fields }) {
        const channel = places.channel(param('channel_id'))
        const content = readSchedule(fields.object('schedule'))
        const { limits, bot, ids } = platform
        limits.checkDay(`schedules:${channel.guild.id}:${bot.id}`, perAdmin, 302021)
        limits.checkDay(`schedules:${channel.guild.id}`, perGuild, 302012)
        limits.hitDay(`schedules:${channel.guild.id}:${bot.id}`)
        limits.hitDay(`schedules:${channel.guild.id}`)
        const schedule = { id: ids.snowflake(), creatorId: bot.id, fields: content }
        channel.schedules.set(schedule.id, schedule)
        return ok(show(channel, schedule))
      },
    },
    [`PATCH ${one}`]: {
      needs,
      handle({ param, fields }) {
        const channel = places.channel(param('channel_id'))
        const schedule = find(channel, param('schedule_id'))
        schedule.fields = readSchedule(fields.object('schedule'))
        return ok(show(channel, schedule))
      },
    },
    [`DELETE ${one}`]: {
      needs,
      handle({ param }) {
        const channel = places.channel(param('channel_id'))
        channel.schedules.delete(find(channel, param('schedule_id')).id)
        return empty
      },
    },
  }
}

function readSchedule(schedule: Fields): ScheduleState['fields'] {
  const start = schedule.optionalDecimal('start_timestamp')
  const end = schedule.optionalDecimal('end_timestamp')
  if (start === undefined || end === undefined || Number(end) < Number(start))
    throw schedule.fault('end_timestamp')
  if (Number(end) - Number(start) > longestMs) throw new ApiRefusal(302014)
  return {
    name: schedule.string('name'),
    description: schedule.optionalString('description') ?? '',
    start_timestamp: start,
    end_timestamp: end,
    jump_channel_id: schedule.optionalString('jump_channel_id') ?? '',
    remind_type: schedule.has('remind_type') ? schedule.stringOf('remind_type', reminders) : '0',
  }
}
