"""The client of Python's websockets; takes {do: "fragments", texts} besides."""
import asyncio
import base64

import websockets

from lines import commands, tell


async def listen(socket):
    try:
        while True:
            message = await socket.recv()
            if isinstance(message, str):
                tell(on="text", text=message)
            else:
                tell(on="binary", data=base64.b64encode(message).decode())
    except websockets.ConnectionClosed:
        tell(on="close", code=socket.close_code, reason=socket.close_reason, clean=socket.close_code != 1006)


async def open_socket(command):
    socket = await websockets.connect(command["url"], max_size=None, compression="deflate" if command["compress"] else None)
    protocol = getattr(socket, "protocol", socket)  # a field of its own since version 13
    tell(on="open", extensions=", ".join(extension.name for extension in protocol.extensions))
    return socket, asyncio.ensure_future(listen(socket))


async def main():
    socket = listener = None
    async for command in commands():
        match command["do"]:
            case "open": socket, listener = await open_socket(command)
            case "text": await socket.send(command["text"])
            case "binary": await socket.send(base64.b64decode(command["data"]))
            case "fragments": await socket.send(command["texts"])
            case "close": await socket.close(command["code"], command["reason"])


asyncio.run(main())
