import type { RestFile } from '@mynah/adapter-kit'
import { Resource } from './resource.ts'

/** What is changed into a token of a user. */
export interface OAuthGrant {
  /** Id of the application. */
  readonly client_id: string
  /** Secret of the application. */
  readonly client_secret: string
  /** What the redirect brought. */
  readonly code: string
  /** Where the redirect led to. */
  readonly redirect_uri: string
}

/** A token of a user. */
export interface OAuthToken {
  /** The token; a secret. */
  readonly access_token: string
  /** Seconds. */
  readonly expires_in: number
  /** How it is sent, such as `Bearer`. */
  readonly token_type: string
  /** Separated by spaces. */
  readonly scope: string
}

/** The documentation has both names for the life of a token. */
type WireToken = Omit<OAuthToken, 'expires_in'> & {
  readonly expires_in?: number
  readonly expire_in?: number
}

/** Gateway, uploads, badges and OAuth2. @see https://developer.kookapp.cn/doc/http/gateway */
export class PlatformApi extends Resource {
  /** Where to connect; the URL bears a short-lived secret. `GET gateway/index` */
  gateway(compress: boolean, signal?: AbortSignal): Promise<{ readonly url: string }> {
    return this.http.get('/gateway/index', { compress: compress ? 1 : 0 }, signal)
  }

  /** Uploads a picture, a video or a file; returns its URL. The name needs an extension. `POST asset/create` */
  async upload(file: RestFile): Promise<string> {
    const { url } = await this.http.upload<{ readonly url: string }>('/asset/create', { file })
    return url
  }

  /** The badge of a guild, an SVG: its name (0), who is online (1), or online of all (2). `GET badge/guild` */
  guildBadge(guildId: string, style: 0 | 1 | 2 = 0): Promise<Buffer> {
    return this.http.bytes('/badge/guild', { guild_id: guildId, style })
  }

  /** Changes the code of an OAuth2 redirect into a user's token. `POST /api/oauth2/token` */
  async token(grant: OAuthGrant): Promise<OAuthToken> {
    const answer = await this.http.postOutside<WireToken>('/oauth2/token', {
      grant_type: 'authorization_code',
      ...grant,
    })
    return {
      access_token: answer.access_token,
      token_type: answer.token_type,
      scope: answer.scope,
      expires_in: answer.expires_in ?? answer.expire_in ?? 0,
    }
  }
}
