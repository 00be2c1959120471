/** What kind of refusal it is; profiles give each kind a result code of their own. */
export type RefusalKind = 'failed' | 'badParams' | 'unknownAction'

/** Codes of go-cqhttp that the emulator answers with, and their text. */
const refusalTexts = {
  API_NOT_FOUND: 'API不存在',
  CANNOT_RECALL_FRIEND_MSG: '无法撤回好友消息',
  DURATION_IS_NOT_IN_RANGE: '非法的禁言时长',
  EMPTY_MSG_ERROR: '消息为空',
  EMPTY_NODES: '未找到任何可发送的合并转发信息',
  FILE_NOT_FOUND: '文件不存在',
  FILE_SYSTEM_API_ERROR: '群文件操作失败',
  FLAG_HAS_BEEN_CHECKED: '消息已被处理过',
  FLAG_NOT_FOUND: 'FLAG不存在',
  FRIEND_NOT_FOUND: '好友不存在',
  GROUP_INFO_API_ERROR: '群信息获取失败',
  GUILD_NOT_FOUND: '频道不存在',
  GROUP_MEMBER_NOT_FOUND: '群成员不存在',
  GROUP_NOT_FOUND: '群聊不存在',
  IMAGE_NOT_FOUND: '图片不存在',
  INVALID_FLAG: '无效的flag',
  INVALID_MESSAGE_ID: '无效的消息ID',
  LOAD_FILE_ERROR: '文件加载失败',
  MEMBER_NOT_FOUND: '群员不存在',
  MSG_NOT_FOUND: '消息不存在',
  NOT_MANAGEABLE: '机器人权限不足',
  OPEN_FILE_ERROR: '文件打开失败',
  PERMISSION_DENIED: '权限不足',
  RECALL_API_ERROR: '消息撤回失败',
  SEND_MSG_API_ERROR: '请参考 go-cqhttp 端输出',
  USER_NOT_FOUND: '用户不存在',
} as const

/** One of go-cqhttp's upper-case codes. */
export type RefusalCode = keyof typeof refusalTexts

/** Overrides of a {@link ApiRefusal}. */
export interface RefusalDetails {
  kind?: RefusalKind
  /** Instead of the code's own text. */
  text?: string
  /** Result number of QQ itself, answered by implementations that hand it through. */
  resultNumber?: number
  /** What Lagrange says instead of `failed`. */
  status?: string
}

/** An action was refused: becomes the failed answer of the profile. Never leaves the emulator. */
export class ApiRefusal extends Error {
  override readonly name: string = 'ApiRefusal'
  readonly code: RefusalCode | undefined
  readonly kind: RefusalKind
  readonly resultNumber: number | undefined
  readonly status: string

  constructor(code: RefusalCode | undefined, details: RefusalDetails = {}) {
    super(details.text ?? (code === undefined ? '' : refusalTexts[code]))
    this.code = code
    this.kind = details.kind ?? 'failed'
    this.resultNumber = details.resultNumber
    this.status = details.status ?? 'failed'
  }
}
