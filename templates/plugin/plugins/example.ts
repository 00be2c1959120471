import { definePlugin } from '@mynah/core'

export default definePlugin({
  name: 'example',
  setup(ctx) {
    ctx.command('example [name:text]', 'Greet somebody').action(({ args: [name], session }) => {
      return `Hello, ${name ?? session.user.name ?? session.user.id}!`
    })
  },
})
