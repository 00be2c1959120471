import type { KookHttp } from '../http.ts'

/** Makes calls, mostly those of one subject. */
export abstract class Resource {
  /** Carries the calls. */
  protected readonly http: KookHttp

  /** @param http - Carries the calls. */
  constructor(http: KookHttp) {
    this.http = http
  }
}
