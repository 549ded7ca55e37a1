"""Commands from standard input and events to standard output, each one line of JSON; for clients and servers."""
import asyncio
import json
import sys


async def commands():
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        yield json.loads(line)


def tell(**event):
    sys.stdout.write(json.dumps(event) + "\n")
    sys.stdout.flush()
