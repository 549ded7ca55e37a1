"""The server of Python's websockets: echoes, and does the same as ws.mjs, with the same events."""
import asyncio
import json
import sys

import websockets


def tell(**event):
    sys.stdout.write(json.dumps(event) + "\n")
    sys.stdout.flush()


def path_of(socket):
    return socket.path if hasattr(socket, "path") else socket.request.path


async def serve(socket, *_):
    protocol = getattr(socket, "protocol", socket)  # a field of its own since version 13
    tell(on="open", extensions=", ".join(extension.name for extension in protocol.extensions))
    try:
        while True:
            message = await socket.recv()
            if path_of(socket) == "/close":
                await socket.close(4002, "go away")
            elif path_of(socket) == "/fragments":
                third = -(-len(message) // 3)
                await socket.send([message[:third], message[third:2 * third], message[2 * third:]])
            else:
                await socket.send(message)
    except websockets.ConnectionClosed:
        await socket.wait_closed()
        tell(on="close", code=socket.close_code, reason=socket.close_reason)


async def main():
    async with websockets.serve(serve, "127.0.0.1", 0, max_size=16 << 20, ping_interval=None) as server:
        tell(on="listening", port=next(iter(server.sockets)).getsockname()[1])
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


asyncio.run(main())
