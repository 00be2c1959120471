/**
 * The shard that gets the events of a guild (official docs: "WebSocket", sharding).
 *
 * @param guildId - Decimal; it does not fit into a number.
 */
export function shardOf(guildId: string, shardCount: number): number {
  return Number((BigInt(guildId) >> 22n) % BigInt(shardCount))
}
