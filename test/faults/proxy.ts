import net from 'node:net'

/** A TCP proxy on loopback before a server's socket, whose connections can be cut: by FIN (end), RST, or silence (nothing passes any more). */
export async function proxy(
  socket: string | net.TcpNetConnectOpts,
): Promise<{ port: number; cut(how: 'FIN' | 'RST' | 'silence'): void; close(): void }> {
  const pairs = new Set<{ near: net.Socket; far: net.Socket }>()
  const server = net.createServer((near) => {
    const far = typeof socket === 'string' ? net.connect(socket) : net.connect(socket)
    const pair = { near, far }
    pairs.add(pair)
    near.pipe(far)
    far.pipe(near)
    const over = () => {
      pairs.delete(pair)
      near.destroy()
      far.destroy()
    }
    for (const end of [near, far]) end.on('error', over).on('close', over)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (!address || typeof address === 'string') throw new Error('The proxy does not listen')
  return {
    port: address.port,
    cut(how) {
      for (const { near, far } of pairs) {
        if (how === 'silence') {
          near.unpipe(far)
          near.pause()
          continue
        }
        if (how === 'RST') near.resetAndDestroy()
        else near.end()
        far.destroy()
      }
      pairs.clear()
    },
    close: () => void server.close(),
  }
}
