"""Passes everything on between a client and a Docker socket, and writes down what the client asks.

Usage: record.py SOCKET TARGET FILE

Listens on SOCKET, speaks to TARGET, and appends one line "METHOD PATH" for each request to FILE. Used by scripts/bench.
"""

import asyncio
import re
import sys

REQUEST = re.compile(rb"^(GET|HEAD|POST|PUT|DELETE) (\S+) HTTP/1\.1\r\n", re.MULTILINE)


async def pump(reader, writer, seen=None):
    while data := await reader.read(1 << 16):
        if seen:
            seen(data)
        writer.write(data)
        await writer.drain()
    writer.close()


async def serve(listen, target, path):
    log = open(path, "a", buffering=1)

    def note(data):
        for method, route in REQUEST.findall(data):
            print(method.decode(), route.decode(), file=log)

    async def connected(reader, writer):
        there, back = await asyncio.open_unix_connection(target)
        await asyncio.gather(pump(reader, back, note), pump(there, writer), return_exceptions=True)

    server = await asyncio.start_unix_server(connected, listen)
    await server.serve_forever()


asyncio.run(serve(*sys.argv[1:]))
