import { isRecord } from '../read/read.ts'

/** A method that makes one call; the names of the tuple are those of its parameters. */
export type Call<Parameters extends readonly unknown[], Answer = void> = (
  ...parameters: Parameters
) => Promise<Answer>

/** A method that makes one call, with the parameters as the platform names them. */
export type CallWith<Parameters, Answer = void> = (params: Parameters) => Promise<Answer>

/**
 * Makes a method of a call that needs nothing but its parameters.
 *
 * @param signature - The call and what its arguments are named on the wire, such as `set_group_name(group_id, name)`.
 *   Arguments beyond these are objects with further parameters.
 * @param call - Makes the call.
 */
export function declareCall<Answer>(
  signature: string,
  call: (name: string, parameters: object) => Answer,
): (...values: readonly unknown[]) => Answer {
  const [name = '', listed = ''] = signature.split(/[()]/)
  const keys = listed.split(', ').filter((key) => key !== '')
  return (...values) => {
    const named: object = Object.fromEntries(keys.map((key, index) => [key, values[index]]))
    return call(name, Object.assign(named, ...values.slice(keys.length).filter(isRecord)))
  }
}
