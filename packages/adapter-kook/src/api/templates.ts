import type { Call, CallWith } from '@mynah/adapter-kit'
import type { PagedList } from '../http.ts'
import { Resource } from './resource.ts'

/** A template to be made. */
export interface NewTemplate {
  /** Its name. */
  readonly title: string
  /** Twig source. */
  readonly content: string
  /** What the template is written in, as a number. */
  readonly type?: number
  /** What the template becomes, as a number. */
  readonly msgtype?: number
  /** Input to try it with, as JSON. */
  readonly test_data?: string
  /** Channel to try it in. */
  readonly test_channel?: string
}

/** A template. */
export interface Template extends NewTemplate {
  /** Its id. */
  readonly id: string
}

/** Message templates, as other clients know the calls; the console manages them as well. */
export class TemplateApi extends Resource {
  /** Templates, 20 a page. `GET template/list` */
  list(): PagedList<Template> {
    return this.http.pages('/template/list', { page_size: 20 })
  }

  /** Makes a template. `POST template/create` */
  readonly create: CallWith<NewTemplate, unknown> = this.does('/template/create')

  /** Changes a template. `POST template/update` */
  readonly update: Call<[templateId: string, changes: Partial<NewTemplate>], unknown> =
    this.does('/template/update(id)')

  /** Deletes a template. `POST template/delete` */
  readonly delete: Call<[templateId: string]> = this.does('/template/delete(id)')
}
