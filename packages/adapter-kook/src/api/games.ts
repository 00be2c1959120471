import type { Call } from '@mynah/adapter-kit'
import type { PagedList } from '../http.ts'
import type { Game } from '../wire/objects.ts'
import { Resource } from './resource.ts'

/** A piece of music. */
export interface Music {
  /** Who sings. */
  readonly singer: string
  /** Its name. */
  readonly music_name: string
  /** @defaultValue 'cloudmusic' */
  readonly software?: 'cloudmusic' | 'qqmusic' | 'kugou'
}

/** What the bot plays or listens to. @see https://developer.kookapp.cn/doc/http/game */
export class GameApi extends Resource {
  /** Games: all (0), of users (1), of the system (2). `GET game` */
  list(type: 0 | 1 | 2 = 0): PagedList<Game> {
    return this.http.pages('/game', { type })
  }

  /** Adds a game, at most 5 a day. `POST game/create` */
  readonly create: Call<[name: string, icon?: string], Game> = this.does('/game/create(name, icon)')

  /** Changes a game. `POST game/update` */
  readonly update: Call<[gameId: number, changes: { readonly name?: string; readonly icon?: string }], Game> =
    this.does('/game/update(id)')

  /** Deletes a game. `POST game/delete` */
  readonly delete: Call<[gameId: number]> = this.does('/game/delete(id)')

  /** Shows that the bot plays a game. `POST game/activity` */
  play(gameId: number): Promise<void> {
    return this.http.post('/game/activity', { data_type: 1, id: gameId })
  }

  /** Shows what the bot listens to. `POST game/activity` */
  listen(music: Music): Promise<void> {
    return this.http.post('/game/activity', { data_type: 2, ...music })
  }

  /** Ends playing or listening. `POST game/delete-activity` */
  stop(what: 'game' | 'music'): Promise<void> {
    return this.http.post('/game/delete-activity', { data_type: what === 'game' ? 1 : 2 })
  }
}
