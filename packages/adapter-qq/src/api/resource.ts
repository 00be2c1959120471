import type { HttpApi } from '../http.ts'

/** Calls about one subject. */
export abstract class Resource {
  protected readonly http: HttpApi

  /** @param http - Makes the calls. */
  constructor(http: HttpApi) {
    this.http = http
  }
}
