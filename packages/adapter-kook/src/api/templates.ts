import type { PagedList } from '../http.ts'
import { Resource } from './resource.ts'

export interface NewTemplate {
  readonly title: string
  /** Twig source. */
  readonly content: string
  readonly type?: number
  readonly msgtype?: number
  readonly test_data?: string
  readonly test_channel?: string
}

export interface Template extends NewTemplate {
  readonly id: string
}

/** Message templates, as other clients know the calls; the console manages them as well. */
export class TemplateApi extends Resource {
  /** Templates, 20 a page. `GET template/list` */
  list(): PagedList<Template> {
    return this.http.pages('/template/list', { page_size: 20 })
  }

  /** Makes a template. `POST template/create` */
  create(template: NewTemplate): Promise<unknown> {
    return this.http.post('/template/create', template)
  }

  /** Changes a template. `POST template/update` */
  update(templateId: string, changes: Partial<NewTemplate>): Promise<unknown> {
    return this.http.post('/template/update', { id: templateId, ...changes })
  }

  /** Deletes a template. `POST template/delete` */
  delete(templateId: string): Promise<void> {
    return this.http.post('/template/delete', { id: templateId })
  }
}
