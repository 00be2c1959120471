/**
 * What the emulators of the platforms share.
 *
 * @packageDocumentation
 */
export { isJsonObject, type JsonObject, parseJson } from './wire/json.ts'
