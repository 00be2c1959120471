import type { HttpRequest, HttpResult, Server } from '@mynah/server'
import type { Webhook } from './webhook.ts'

interface SharedRoute {
  readonly webhooks: Map<string, Webhook>
  readonly remove: () => void
}

/** Paths by server: bots of several instances may share one path. Goes away with its server. */
const routes = new WeakMap<Server, Map<string, SharedRoute>>()

const maxBodyBytes = 1024 * 1024

/**
 * Takes pushes for a bot on a path; bots that share a path are told apart by `X-Bot-Appid`.
 *
 * @param label - Who owns the path, for conflicts with other routes.
 * @returns takes the bot off the path, and the path away after the last one.
 */
export function addWebhook(server: Server, path: string, webhook: Webhook, label: string): () => void {
  const paths = routes.get(server) ?? new Map<string, SharedRoute>()
  routes.set(server, paths)
  const route = paths.get(path) ?? openRoute(server, path, label)
  paths.set(path, route)
  route.webhooks.set(webhook.appId, webhook)
  return () => {
    if (route.webhooks.get(webhook.appId) === webhook) route.webhooks.delete(webhook.appId)
    if (route.webhooks.size > 0 || paths.get(path) !== route) return
    paths.delete(path)
    route.remove()
  }
}

function openRoute(server: Server, path: string, label: string): SharedRoute {
  const webhooks = new Map<string, Webhook>()
  const remove = server.route('POST', path, (request) => answer(webhooks, request), {
    label,
    guard: 'signature',
    maxBodyBytes,
  })
  return { webhooks, remove }
}

function answer(
  webhooks: ReadonlyMap<string, Webhook>,
  request: HttpRequest,
): HttpResult | Promise<HttpResult> {
  const appId = request.headers['x-bot-appid']
  const sole = webhooks.size === 1 ? webhooks.values().next().value : undefined
  const webhook = typeof appId === 'string' ? (webhooks.get(appId) ?? sole) : sole
  return webhook === undefined ? { status: 401 } : webhook.answer(request)
}
