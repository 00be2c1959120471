/** Markdown of a message: native text, or a template with its values (official docs: "Markdown"). */
export interface Markdown {
  /** Native Markdown. */
  readonly content?: string
  /** Id of the template from the console. */
  readonly custom_template_id?: string
  /** Number of the template. */
  readonly template_id?: number
  /** Values of the template. */
  readonly params?: readonly { readonly key: string; readonly values: readonly string[] }[]
  /** Refuse the message when a picture cannot be copied, instead of leaving it out. */
  readonly force_verify_image_resource?: boolean
}

/** A card by template (official docs: "Ark"). */
export interface Ark {
  /** Number of the template. */
  readonly template_id: number
  /** Values of the template. */
  readonly kv: readonly ArkEntry[]
}

/** One value of an ark: text, or a list of objects. */
export type ArkEntry =
  /** Text in the place `key` of the template. */
  | { readonly key: string; readonly value: string }
  /** A list in the place `key`: of each object the values by their keys. */
  | {
      readonly key: string
      readonly obj: readonly {
        readonly obj_kv: readonly { readonly key: string; readonly value: string }[]
      }[]
    }

/** A framed text, in channels and direct messages only (official docs: "Embed"). */
export interface Embed {
  /** Its title. */
  readonly title?: string
  /** What the list of chats shows. */
  readonly prompt?: string
  /** A small picture. */
  readonly thumbnail?: { readonly url: string }
  /** Its lines. */
  readonly fields?: readonly { readonly name: string }[]
}

/** A button (official docs: "Message buttons"). */
export interface Button {
  /** Unique in the keyboard. */
  readonly id?: string
  /** How it looks. */
  readonly render_data: {
    /** At most 10 characters. */
    readonly label: string
    readonly visited_label: string
    /** 0 grey line, 1 blue line, 2 white text, 3 white on blue. */
    readonly style: number
  }
  /** What it does. */
  readonly action: {
    /** 0 open a page, 1 call back, 2 type a command, 3 client link, 4 subscribe. */
    readonly type: number
    /** `type`: 0 listed users, 1 managers, 2 everyone, 3 roles (guilds only). */
    readonly permission: {
      readonly type: number
      readonly specify_user_ids?: readonly string[]
      readonly specify_role_ids?: readonly string[]
    }
    readonly data?: string
    /** Send at once; type 2 in C2C. */
    readonly enter?: boolean
    /** Quote the message; type 2. */
    readonly reply?: boolean
    readonly anchor?: number
    readonly unsupport_tips: string
    readonly modal?: {
      readonly content: string
      readonly confirm_text?: string
      readonly cancel_text?: string
    }
    readonly subscribe_data?: {
      readonly template_ids: readonly {
        readonly template_id?: number
        readonly custom_template_id?: string
      }[]
    }
  }
  /** One click greys out all buttons of the group; type 1. */
  readonly group_id?: string
}

/** Buttons below a message: a template, or up to 5 rows of up to 5. */
export interface Keyboard {
  /** Id of a template of buttons. */
  readonly id?: string
  /** The buttons. */
  readonly content?: {
    readonly rows: readonly { readonly buttons: readonly Button[] }[]
    readonly style?: { readonly font_size?: string }
  }
}
