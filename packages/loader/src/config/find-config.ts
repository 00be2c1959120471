import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'

import { MynahError } from '@mynah/core'
import { cosmiconfig } from 'cosmiconfig'

import { parseText } from './config-text.ts'
import { readText } from './read-text.ts'

/** The config file that counts. */
export interface FoundConfig {
  /** Absolute path. */
  readonly file: string
  /** Relative to the project, for people. */
  readonly name: string
  /** What it holds. */
  readonly text: string
  /** Other files that are configs, too, but do not count. */
  readonly leftOut: readonly string[]
}

/** Names under which a config is looked for, in this order. */
export const configFileNames: readonly string[] = [
  'bot.config.yaml',
  'bot.config.yml',
  'bot.config.json',
  'bot.config.ts',
  'bot.config.mts',
  'bot.config.js',
  'bot.config.mjs',
  'package.json',
]

/**
 * Finds the config file of a project and reads it, once.
 *
 * @throws MynahError `CONFIG_NOT_FOUND`; ProjectConfigError when `package.json` cannot be parsed.
 */
export async function findConfig(root: string): Promise<FoundConfig> {
  let text = ''
  const load = async (file: string, content: string): Promise<unknown> => {
    // That is how the marks of UTF-16 look to those who take all files for UTF-8.
    text = content.startsWith('\uFFFD') ? await readText(file) : content.replace(/^\uFEFF/, '')
    return file.endsWith('package.json') ? parseText(text, 'package.json').data : { text }
  }
  const search = cosmiconfig('bot', {
    searchPlaces: [...configFileNames],
    searchStrategy: 'none',
    cache: false,
    mergeSearchPlaces: false,
    // An empty file is a config in which everything is left as it is.
    ignoreEmptySearchPlaces: false,
    loaders: Object.fromEntries(
      ['.yaml', '.yml', '.json', '.ts', '.mts', '.js', '.mjs'].map((extension) => [extension, load]),
    ),
  })
  const found = await search.search(root)
  if (found === null || (found.isEmpty === true && found.filepath.endsWith('package.json'))) {
    throw new MynahError(
      'CONFIG_NOT_FOUND',
      `No configuration file was found. Looked for ${configFileNames.join(', ')} in ${root}. Write a bot.config.yaml, or run this in the folder of a bot.`,
    )
  }
  const name = basename(found.filepath)
  const leftOut = configFileNames
    .slice(configFileNames.indexOf(name) + 1, -1)
    .filter((other) => existsSync(join(root, other)))
  return { file: found.filepath, name, text, leftOut }
}
