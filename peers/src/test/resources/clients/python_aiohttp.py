"""The client of Python's aiohttp."""
import asyncio
import base64

import aiohttp

from lines import commands, tell


async def listen(socket):
    while True:
        message = await socket.receive()
        if message.type == aiohttp.WSMsgType.TEXT:
            tell(on="text", text=message.data)
        elif message.type == aiohttp.WSMsgType.BINARY:
            tell(on="binary", data=base64.b64encode(message.data).decode())
        else:
            if message.type == aiohttp.WSMsgType.CLOSE:
                tell_close(message.data, message.extra)
            return


def tell_close(code, reason):
    tell(on="close", code=code, reason=reason or "", clean=code not in (None, 1006))


async def main():
    async with aiohttp.ClientSession() as session:
        socket = listener = None
        async for command in commands():
            match command["do"]:
                case "open":
                    socket = await session.ws_connect(command["url"], compress=15 if command["compress"] else 0, max_msg_size=0)
                    tell(on="open", extensions="permessage-deflate" if socket.compress else "")
                    listener = asyncio.ensure_future(listen(socket))
                case "text": await socket.send_str(command["text"])
                case "binary": await socket.send_bytes(base64.b64decode(command["data"]))
                case "close":
                    listener.cancel()  # with a receive under way, close() would not wait for the peer's Close
                    await asyncio.wait([listener])
                    await socket.close(code=command["code"], message=command["reason"].encode())
                    tell_close(socket.close_code, "")


asyncio.run(main())
