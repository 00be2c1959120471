const en = {
  'command.missing': 'Missing {{name}}.',
  'command.too-many': 'Too much: {{value}}.',
  'command.wrong-type': '{{name}}: "{{value}}" is not {{type}}.',
  'command.not-a-choice': '{{name}}: "{{value}}" is not one of {{choices}}.',
  'command.unknown-option': 'There is no option {{value}}.',
  'command.option-needs-value': '{{value}} needs a value.',
  'command.usage': 'Usage: {{usage}}',
  'command.did-you-mean': 'There is no command "{{name}}". Did you mean {{suggestions}}?',
  'command.failed': 'Something went wrong; the people who run this bot can see why in the log.',
  'help.title': 'Commands:',
  'help.more': 'More about a command: {{usage}}',
  'help.unknown': 'There is no command "{{name}}".',
  'help.aliases': 'Also: {{aliases}}',
  'help.options': 'Options:',
  'help.examples': 'Examples:',
  'help.subcommands': 'Sub-commands:',
  'help.description': 'Show commands, or how to use one',
} as const

/** Key of one of the framework's texts. */
export type FrameworkTextKey = keyof typeof en

const zhCN: Record<FrameworkTextKey, string> = {
  'command.missing': '缺少参数 {{name}}。',
  'command.too-many': '多余的内容：{{value}}。',
  'command.wrong-type': '{{name}}：“{{value}}”不是有效的 {{type}}。',
  'command.not-a-choice': '{{name}}：“{{value}}”不在可选值 {{choices}} 之中。',
  'command.unknown-option': '没有选项 {{value}}。',
  'command.option-needs-value': '{{value}} 需要一个值。',
  'command.usage': '用法：{{usage}}',
  'command.did-you-mean': '没有命令“{{name}}”。你是不是想用 {{suggestions}}？',
  'command.failed': '出错了，机器人的维护者可以在日志中看到原因。',
  'help.title': '可用命令：',
  'help.more': '查看某个命令的用法：{{usage}}',
  'help.unknown': '没有命令“{{name}}”。',
  'help.aliases': '别名：{{aliases}}',
  'help.options': '选项：',
  'help.examples': '示例：',
  'help.subcommands': '子命令：',
  'help.description': '列出命令，或查看某个命令的用法',
}

/** The framework's own texts, by language. Every language has the same keys. */
export const frameworkTexts: Readonly<Record<string, Readonly<Record<FrameworkTextKey, string>>>> = {
  en,
  'zh-CN': zhCN,
}
