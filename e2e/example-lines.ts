import type { ContractCase } from '@mynah/testing/contract'

/** What people do with an example, and what they see. */
export interface Exchange {
  /** What a person says, or does. */
  readonly say?: string
  readonly act?: 'addMember' | 'removeMember'
  /** What a person says who mentions the bot. */
  readonly mention?: string
  /** What the bot answers; where it is absent, nothing may go wrong. */
  readonly see?: RegExp
  /** Whether the answer comes in pieces: in one message that grows, or in several. */
  readonly inPieces?: true
  /** Platforms it is for, when it is not for all. */
  readonly only?: RegExp
  /** The case of the contract that a platform has to pass for this. */
  readonly needs?: ContractCase
}

const join: Exchange = { act: 'addMember', needs: 'a new member comes in' }
const leave: Exchange = { act: 'removeMember', needs: 'a member who leaves comes in' }

/** Every example of a plugin on the English pages that is run, by page and name. */
export const lines: Readonly<Record<string, readonly Exchange[]>> = {
  'README.md dice': [
    { say: '/dice 3', see: /^[1-6] [1-6] [1-6]$/ },
    { say: '/dice 2 -s 2', see: /^[12] [12]$/ },
    { ...join, see: /^Welcome, (?!undefined)[\w ]+!$/ },
    leave,
  ],
  'docs/guide/commands.md dice': [{ say: '/roll 2', see: /^\d \d$|^2 × d6$/ }],
  'docs/guide/commands.md volume': [{ say: '/volume 40%', see: /^Volume: 40$/ }],
  'docs/guide/commands.md dice 2': [
    { say: '/r 3', see: /^3 × d6$/ },
    { say: '/d20', see: /^1 × d20$/ },
    { say: 'roll the dice', see: /^1 × d6$/ },
    { say: '投4个骰子', see: /^4 × d6$/ },
    { say: '/guild ban @4711', see: /^4711$/ },
  ],
  'docs/guide/commands.md draw': [{ say: '/draw a cat', see: /^A picture of a cat$/ }],
  'docs/guide/commands.md story': [
    { say: '/story', inPieces: true, see: /^Once upon a time, ?there was a bird\.$/ },
  ],
  'docs/guide/data.md checkin': [
    { say: '/top', see: /^Nobody yet\.$/ },
    { say: '/gift @4711 5', see: /You do not have that many points\./ },
    { say: '/checkin', see: /^You have 10 points\.$/ },
    { say: '/checkin', see: /^You were here today\. Come back tomorrow!$/ },
    { say: '/gift @4711 4', see: /^4 points for \S+\.$/ },
    { say: '/gift @4711 7', see: /You do not have that many points\./ },
    { say: '/top', see: /^1\. (?!undefined)[\w ]+: 6\n2\. \S+: 4$/ },
  ],
  'docs/guide/data.md motto': [
    { say: '/motto', see: /^No motto yet\.$/ },
    { say: '/motto never mind', see: /^never mind \((?!undefined)[\w ]+\)$/ },
    { say: '/motto', see: /^never mind \(/ },
  ],
  'docs/guide/errors.md bank': [
    { say: '/pay 5', see: /^Paid 5\.$/ },
    { say: '/pay 50', see: /You have only 10 coins\./ },
  ],
  'docs/guide/events.md events': [
    { say: 'hello there' },
    join,
    { ...leave, see: /^Goodbye, (?!undefined)[\w ]+\.$/ },
  ],
  'docs/guide/i18n.md hello': [
    { say: '/hello', see: /^(Hello|你好，) ?(?!undefined|\?)[\w ]+$/ },
    { say: '/dice 2', see: /^2 (dice|个骰子)$/ },
  ],
  'docs/guide/i18n.md language': [{ say: '/language en', see: /^en$/ }],
  // KOOK takes no pictures of others: the adapter would have to fetch this one from the web first.
  'docs/guide/messages.md hello': [{ say: '/hello', see: /look:/, only: /onebot|qq|sandbox/ }],
  'docs/guide/messages.md hello-jsx': [{ say: '/hi', see: /look:/, only: /onebot|qq|sandbox/ }],
  // In a group it answers nothing.
  'docs/guide/messages.md chat': [{ say: 'good morning' }],
  'docs/guide/messages.md chatty': [
    { mention: 'good evening', needs: 'a mention of the bot comes in', see: /^You said: good evening$/ },
  ],
  'docs/guide/messages.md quiet': [{ say: 'this is spam', see: /^Please do not\.$/ }],
  'docs/guide/permissions.md music': [
    { say: '/skip', see: /You may not use \/skip/ },
    { say: '/stop', see: /You may not use \/stop/, only: /onebot|qq|kook/ },
  ],
  'docs/guide/plugins.md welcome': [
    { say: '/greet Ada', see: /^Welcome, Ada!$/ },
    { ...join, see: /^Welcome, (?!undefined)[\w ]+!$/ },
    leave,
  ],
  'docs/guide/plugins.md morning': [{ say: '/when', see: /^\d{4}-\d\d-\d\dT01:00:00\.000Z$/ }],
  'docs/guide/plugins.md remind': [
    { say: '/remind 5 take the tea out', see: /^I will say so in 5 minutes\.$/ },
  ],
  'docs/guide/plugins.md suite': [
    { say: '/tea', see: /^tea: 1$/ },
    { say: '/coffee', see: /^coffee: 1$/ },
  ],
  'docs/guide/prompts.md booking': [
    { say: '/book', see: /^Who is coming\?$/ },
    { say: 'Ada', see: /^How many seats\?/ },
    { say: '2', see: /^Tea or milk\?/ },
    { say: 'tea', see: /^2 × tea for Ada\?/ },
    { say: 'yes', see: /^Booked\.$/ },
  ],
  'docs/guide/prompts.md club': [
    { say: '/join', see: /^Your name\?$/ },
    { say: 'A', see: /^At least two letters, please\./ },
    { say: 'Ada', see: /^How old are you, Ada\?$/ },
    { say: '12', see: /^Who looks after you\?$/ },
    { say: 'Byron', see: /^Welcome, Ada! We ask Byron\.$/ },
    { say: '/join Ada', see: /^How old are you, Ada\?$/ },
    { say: '36', see: /^Welcome, Ada!$/ },
  ],
  'docs/guide/sending.md report': [{ say: '/report', see: /^(Sent as|Try again later|It was refused)/ }],
  'docs/guide/services.md counter': [
    { say: '/ticket', see: /^Your number is 1$/ },
    { say: '/ticket', see: /^Your number is 2$/ },
  ],
  'docs/guide/services.md stats': [{ say: 'hello' }],
  'docs/guide/settings.md greeter': [
    { say: '/greeting', see: /^Welcome, \{name\}!$/ },
    { ...join, see: /^Welcome, (?!undefined)[\w ]+!$/ },
    leave,
    { say: '/greet-by Hi!', see: /You may not use \/greet-by/, only: /onebot|qq|kook/ },
  ],
  'packages/adapter-kook/README.md hello': [{ say: '/hello', see: /^Hello, (?!undefined)[\w ]+!$/ }],
  'packages/adapter-kook/README.md watcher': [{ say: 'hello', only: /kook/ }],
  'packages/adapter-kook/README.md vote': [{ say: '/vote', see: /Tea or coffee\?/, only: /kook/ }],
  'packages/adapter-kook/README.md shout': [{ say: '/shout hey', see: /hey/, only: /kook/ }],
  'packages/adapter-kook/README.md stewards': [
    { say: '/stewards', see: /Only in a guild of KOOK\./, only: /onebot|qq|sandbox/ },
  ],
  'packages/adapter-onebot/README.md hello': [
    { say: '/hello', see: /^Hello, (?!undefined)[\w ]+!$/, only: /onebot/ },
  ],
  'packages/adapter-onebot/README.md no-ads': [{ say: 'buy now', only: /onebot/ }],
  'packages/adapter-qq/README.md hello': [{ say: '/hello', see: /^Hello!$/ }],
  'packages/database/README.md notes': [
    { say: '/note feed the bird', see: /^Noted, as number 1\.$/ },
    { say: '/note water the plant', see: /^Noted, as number 2\.$/ },
    { say: '/notes', see: /^water the plant\nfeed the bird$/ },
  ],
  'packages/cli/README.md ping': [{ say: '/ping', see: /^pong$/ }],
}

/** Examples that are compiled and not run, with the reason. */
export const notRun: Readonly<Record<string, string>> = {
  'docs/guide/adapters.md parrot': 'run by adapters-guide.test.ts, with its server',
  'docs/guide/events.md gauge': 'acts when messages are refused; the pressure tests of the adapters do that',
  'docs/guide/events.md why': 'needs a superuser; traces have tests of their own',
  'docs/guide/hot-reload.md well-behaved': 'fetches what a person names',
  'docs/guide/messages.md cat': 'sends a picture that stands beside it',
  'docs/guide/messages.md weather': 'asks a server of the weather',
  'docs/guide/permissions.md vote': 'asks how long somebody is a member, who has just joined',
  'docs/guide/plugins.md feed': 'fetches a feed, and takes the port 8080',
  'docs/guide/sending.md patient': 'needs a bot that is added to a guild',
  'docs/guide/services.md loud': 'changes a service that another plugin has to give',
  'packages/adapter-qq/README.md story': 'answers events of one-to-one chats by the API of QQ',
  'packages/core/README.md greeter': 'is a whole program, which reads from the terminal',
  'packages/emulator-kook/README.md ping': 'is a whole test',
  'packages/emulator-onebot/README.md ping': 'is a whole test',
  'packages/emulator-qq/README.md ping': 'is a whole test',
  'packages/testing/README.md greeter': 'is a whole test',
}
