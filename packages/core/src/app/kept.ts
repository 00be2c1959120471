import type { FormParts } from '../form/form-host.ts'
import { FormTable } from '../form/form-table.ts'
import { type GuildSettingsParts, GuildSettingsTable } from '../guild/guild-settings-table.ts'
import type { ServiceRegistry } from '../plugin/services.ts'

/** What {@link makeKept} works with. */
export interface KeptParts extends FormParts, GuildSettingsParts {
  readonly services: ServiceRegistry
}

/** What plugins declare and the core keeps for them beyond the end of the app. */
export interface Kept {
  readonly forms: FormTable
  readonly guildSettings: GuildSettingsTable
}

/** Makes the tables of what is kept. Where somebody has declared something, a store is read as soon as it is there. */
export function makeKept(parts: KeptParts): Kept {
  const forms = new FormTable(parts)
  const guildSettings = new GuildSettingsTable(parts)
  parts.services.watch({
    required: ['storage'],
    servicesChanged: () => {
      if (forms.isUsed || guildSettings.declared.size > 0) parts.onDeclared()
    },
  })
  return { forms, guildSettings }
}
