/** Where calls and logins get their credentials from. */
export interface Credentials {
  /** The value of `Authorization`, and of `token` in Identify and Resume; always the newest. */
  authorization(): Promise<string>
  /** The platform refused the credentials: get new ones before the next {@link authorization}. */
  renew(): Promise<void>
  /** Whether none can be had now, of which an operator was told. */
  readonly isFailing: boolean
  /** Ends all waiting and leaves no timer. */
  stop(): void
}

/** The deprecated form `Bot {appid}.{token}`, for those who chose it. */
export function legacyCredentials(appId: string, token: string): Credentials {
  return {
    authorization: () => Promise.resolve(`Bot ${appId}.${token}`),
    renew: () => Promise.resolve(),
    isFailing: false,
    stop: () => {},
  }
}
