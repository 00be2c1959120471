/** The text of an answer in the two languages the platform speaks. */
export interface BilingualText {
  zh: string
  en: string
}

/** A call the platform answers with a code other than 0. */
export class ApiRefusal extends Error {
  override readonly name = 'ApiRefusal'
  readonly status: number
  readonly code: number
  readonly text: BilingualText

  constructor(status: number, code: number, text: BilingualText) {
    super(text.en)
    this.status = status
    this.code = code
    this.text = text
  }
}

/** A parameter is missing or has a wrong value. */
export const badParameter = (name: string, why = 'is invalid'): ApiRefusal =>
  new ApiRefusal(400, 40000, { zh: `参数 ${name} 不正确`, en: `Parameter ${name} ${why}.` })

/** The thing named does not exist, or the bot may not know that it does. */
export const notFound = (what: string): ApiRefusal =>
  new ApiRefusal(200, 40000, { zh: `${what} 不存在`, en: `The ${what} does not exist.` })

/** The call makes no sense in the present state. */
export const impossible = (why: string): ApiRefusal =>
  new ApiRefusal(200, 40000, { zh: '操作失败', en: `The call failed: ${why}.` })

/** The permission is missing. */
export const forbidden = (what: string): ApiRefusal =>
  new ApiRefusal(403, 40300, { zh: '你没有权限进行此操作', en: `You may not do this: ${what}.` })

/** The content of a message was refused (format or review). */
export const badContent = (why: string): ApiRefusal =>
  new ApiRefusal(200, 40011, { zh: '消息内容不符合规范', en: `The message content was refused: ${why}.` })

/** The entity is too large. */
export const tooLarge = (what: string): ApiRefusal =>
  new ApiRefusal(413, 40014, { zh: `${what} 过大`, en: `The ${what} is too large.` })

/** The credentials are missing (40100), invalid (40101), unverifiable (40102) or expired (40103). */
export const unauthorized = (code: 40100 | 40101 | 40102 | 40103): ApiRefusal =>
  new ApiRefusal(401, code, { zh: '无效的 token', en: 'The token is missing, invalid or expired.' })
