import { readFile } from 'node:fs/promises'

/** Reads a text file as editors on all systems write it: UTF-8 with or without a mark at its beginning, or UTF-16. */
export async function readText(file: string): Promise<string> {
  const bytes = await readFile(file)
  const isUtf16 = (first: number, second: number): boolean => bytes[0] === first && bytes[1] === second
  // The decoder leaves the mark out.
  if (isUtf16(0xff, 0xfe)) return new TextDecoder('utf-16le').decode(bytes)
  if (isUtf16(0xfe, 0xff)) return new TextDecoder('utf-16be').decode(bytes)
  return new TextDecoder().decode(bytes)
}
