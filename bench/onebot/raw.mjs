// The smallest program that answers a OneBot message: what any framework's overhead is measured against.
import { WebSocket } from 'ws'

const socket = new WebSocket(process.env.ONEBOT_URL)
let echo = 0
socket.on('message', (data) => {
  const event = JSON.parse(data)
  if (event.post_type !== 'message') return
  const text = event.message[0].data.text
  if (!text.startsWith('/echo ')) return
  echo += 1
  socket.send(
    JSON.stringify({
      action: 'send_group_msg',
      params: { group_id: event.group_id, message: [{ type: 'text', data: { text: text.slice(6) } }] },
      echo: String(echo),
    }),
  )
})
