"""Makes HTTP calls through several unix sockets in turn and compares the times. Used by scripts/bench-ssh.

Usage: http_load.py calls ROUNDS COUNT PARALLEL PATH NAME SOCKET [NAME SOCKET]…
       http_load.py bytes ROUNDS PATH NAME SOCKET [NAME SOCKET]…
       http_load.py serve SOCKET MEGABYTES

`calls` makes COUNT calls, PARALLEL at a time, each on a connection of its own that is open already, and prints NAME and the
median milliseconds.
`bytes` reads one answer to its end and prints NAME and the median megabytes a second. `serve` answers every request with
that many megabytes of zeros.
"""

import asyncio
import statistics
import sys
import time


async def call(reader, writer, path):
    writer.write(f"GET {path} HTTP/1.1\r\nHost: docker\r\n\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    assert b" 200 " in head, head
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return await read_all(reader, int(line.split(b":")[1]))
    # Chunked, which dockerd uses for long answers.
    total = 0
    while size := int(await reader.readline(), 16):
        total += len(await reader.readexactly(size + 2)) - 2
    await reader.readexactly(2)
    return total


async def read_all(reader, size):
    left = size
    while left:
        left -= len(await reader.read(min(left, 1 << 20)) or exit("the answer is cut short"))
    return size


async def worker(connection, path, count):
    for _ in range(count):
        await call(*connection, path)


async def calls(rounds, count, parallel, path, *pairs):
    count, parallel = int(count), int(parallel)

    async def once(socket):
        connections = [await asyncio.open_unix_connection(socket, limit=1 << 20) for _ in range(parallel)]
        for connection in connections:
            await call(*connection, path)
        start = time.perf_counter()
        await asyncio.gather(*(worker(connection, path, count // parallel) for connection in connections))
        elapsed = time.perf_counter() - start
        for _, writer in connections:
            writer.close()
        return elapsed * 1000

    await compare(int(rounds), pairs, once)


async def transfer(rounds, path, *pairs):
    async def once(socket):
        reader, writer = await asyncio.open_unix_connection(socket, limit=1 << 20)
        start = time.perf_counter()
        size = await call(reader, writer, path)
        writer.close()
        return size / 1e6 / (time.perf_counter() - start)

    await compare(int(rounds), pairs, once)


async def compare(rounds, pairs, once):
    results = {name: [] for name in pairs[::2]}
    for number in range(-1, rounds):
        for name, socket in sorted(zip(pairs[::2], pairs[1::2]), reverse=number % 2 == 1):
            result = await once(socket)
            if number >= 0:
                results[name].append(result)
    for name, values in results.items():
        print(f"{name} {statistics.median(values):.1f} {min(values):.1f} {max(values):.1f}")


async def serve(socket, megabytes):
    block = bytes(1 << 20)

    async def answer(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {int(megabytes) << 20}\r\n\r\n".encode())
        for _ in range(int(megabytes)):
            writer.write(block)
            await writer.drain()
        writer.close()

    server = await asyncio.start_unix_server(answer, socket)
    print("ready", flush=True)
    await server.serve_forever()


asyncio.run({"calls": calls, "bytes": transfer, "serve": serve}[sys.argv[1]](*sys.argv[2:]))
