/** The same with nothing left out. */
export type Filled<T> = { readonly [K in keyof T]-?: Exclude<T[K], undefined> }
