import { type Call, declareCall } from '@mynah/adapter-kit'

import type { KookHttp, PagedList, Query } from '../http.ts'

/** A method that lists something, page by page; the names of the tuple are those of its parameters. */
export type Listing<Parameters extends readonly unknown[], T> = (...parameters: Parameters) => PagedList<T>

/**
 * Makes calls, mostly those of one subject. Those that need nothing but their parameters are declared as documented,
 * such as `/guild/kickout(guild_id, target_id)`; objects behind the named parameters hold further ones.
 */
export abstract class Resource {
  /** Carries the calls. */
  protected readonly http: KookHttp

  /** @param http - Carries the calls. */
  constructor(http: KookHttp) {
    this.http = http
  }

  /** Reads something. */
  protected reads<Parameters extends readonly unknown[], T>(signature: string): Call<Parameters, T> {
    return declareCall(signature, (path, parameters) => this.http.get<T>(path, queryOf(parameters)))
  }

  /** Does something. */
  protected does<Parameters extends readonly unknown[], T>(signature: string): Call<Parameters, T> {
    return declareCall(signature, (path, parameters) => this.http.post<T>(path, parameters))
  }

  /** Sends or changes a message. */
  protected sends<Parameters extends readonly unknown[], T>(signature: string): Call<Parameters, T> {
    return declareCall(signature, (path, parameters) => this.http.send<T>(path, parameters))
  }

  /** Lists something, page by page. */
  protected lists<Parameters extends readonly unknown[], T>(signature: string): Listing<Parameters, T> {
    return declareCall(signature, (path, parameters) => this.http.pages<T>(path, queryOf(parameters)))
  }
}

const isQueryEntry = (entry: [string, unknown]): entry is [string, Query[string]] =>
  ['string', 'number', 'boolean', 'undefined'].includes(typeof entry[1])

/** The parameters that can stand in a query; the types of the methods name no others. */
const queryOf = (parameters: object): Query =>
  Object.fromEntries(Object.entries(parameters).filter(isQueryEntry))
