/**
 * What the emulators of the platforms share.
 *
 * @packageDocumentation
 */
export { isJsonObject, type Json, type JsonObject, parseJson } from './json.ts'
