import { definePlugin, UserError, z } from '@mynah/core'

// A plugin is one file. Change something and save it: the running bot uses it at once.
export default definePlugin({
  name: 'ping',

  // What bot.config.yaml may say under `plugins: ping:`. It is checked, and `config` below has its types.
  config: z.object({
    answer: z.string().default('pong').describe('What /ping answers'),
  }),

  setup(ctx, config) {
    // "/ping" is answered with "pong".
    ctx.command('ping', 'See whether the bot is there').action(() => config.answer)

    // "/roll", "/roll 3", "/roll 3 --sides 20": `times` and `sides` are numbers, read out of this declaration.
    ctx
      .command('roll [times:int=1]', 'Roll dice')
      .option('sides', '-s <faces:int=6>', 'Faces of a die')
      .action(({ args: [times], options: { sides } }) => {
        if (times < 1 || times > 20) throw new UserError('I have 20 dice.')
        return Array.from({ length: times }, () => 1 + Math.floor(Math.random() * sides)).join(' ')
      })

    // Events have names. Try this one with ":in home" and then ":join bob" in the terminal.
    ctx.on('guild-member-added', async (session) => session.reply(`Welcome, ${await session.displayName()}!`))

    // Whatever is registered through `ctx` goes away with the plugin; there is nothing to clean up.
    ctx.logger.info('ready: type /ping')
  },
})
