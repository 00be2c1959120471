import type { KookHttp } from '../http.ts'

/** The calls of one subject. */
export abstract class Resource {
  /** Carries the calls. */
  protected readonly http: KookHttp

  /** @param http - Carries the calls. */
  constructor(http: KookHttp) {
    this.http = http
  }
}
