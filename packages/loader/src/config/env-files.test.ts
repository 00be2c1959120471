import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { expect, it } from 'vitest'

import { TemporaryFolder } from '../../test/temporary-folder.ts'
import { ProjectEnvironment } from './env-files.ts'

it('values of .env files are in the environment of the process, below what was there', async () => {
  await using folder = await TemporaryFolder.create({
    '.env': 'A=file\nB=file\nC=file',
    '.env.production': 'C=mode',
  })
  const real: NodeJS.ProcessEnv = { A: 'real', D: 'real' }
  const environment = new ProjectEnvironment(folder.path, 'production', real)
  const values = await environment.read()
  environment.apply(values)
  expect(values).toEqual({ A: 'real', B: 'file', C: 'mode', D: 'real' })
  expect(real).toEqual(values)
})

it('values of .env files change and go with the files, and with the project', async () => {
  await using folder = await TemporaryFolder.create({ '.env': 'A=1\nB=1' })
  const real: NodeJS.ProcessEnv = { D: 'real' }
  const environment = new ProjectEnvironment(folder.path, 'development', real)
  environment.apply(await environment.read())
  await writeFile(join(folder.path, '.env'), 'A=2')
  environment.apply(await environment.read())
  expect(real).toEqual({ A: '2', D: 'real' })
  environment.close()
  expect(real).toEqual({ D: 'real' })
})

it.each<[string, string | Buffer]>([
  ['a mark at the beginning', '\uFEFFT=abc\n'],
  ['Windows lines', 'T=abc\r\n'],
  ['UTF-16', Buffer.from('\uFEFFT=abc\r\n', 'utf16le')],
])('a .env file may have %s', async (_, content) => {
  await using folder = await TemporaryFolder.create({ '.env': content })
  expect(await new ProjectEnvironment(folder.path, 'production', {}).read()).toEqual({ T: 'abc' })
})
