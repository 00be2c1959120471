import { definePlugin } from '@mynah/core'

export default definePlugin({
  name: 'echo',
  setup(ctx) {
    ctx.command('echo <words:text>').action(({ args: [words] }) => words)
  },
})
