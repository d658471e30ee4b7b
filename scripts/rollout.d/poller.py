"""Asks ports of hosts over and over, and tells how long each of them did not answer.

Usage: poller.py ADDRESS:PORT…

Prints "ready" once all have answered. Goes on until its standard input ends and each has answered once more, for half a
minute at most; then prints, as JSON, for every one the longest time in milliseconds between one answer and the next
("gap", null when it never answered again), how many requests were made ("asked") and how many failed ("failed").

A new request starts every 10 ms, on a connection of its own, whatever has become of those before it; one that has no
answer within 250 ms failed. An answer is a reply with status 200; its time is that of its first bytes.
"""

import asyncio
import json
import socket
import sys

EVERY = 0.01
LIMIT = 0.25
# How long a host may be away after the end.
PATIENCE = 30


class Target:
    """One port of a host, and what it answered."""

    def __init__(self, name):
        address, port = name.rsplit(":", 1)
        self.name, self.place = name, (address, int(port))
        self.request = f"GET / HTTP/1.0\r\nHost: {address}\r\n\r\n".encode()
        self.answered = asyncio.Event()
        self.last = None
        self.longest = 0
        self.asked = self.failed = 0
        self.done = False

    async def poll(self):
        """Starts a request every so often until `done`; when it is late it leaves out those it has missed."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        async with asyncio.TaskGroup() as group:
            while not self.done:
                group.create_task(self.ask())
                due = max(due + EVERY, loop.time())
                await asyncio.sleep(due - loop.time())

    async def ask(self):
        self.asked += 1
        if not await self.answers():
            self.failed += 1
            return
        now = asyncio.get_running_loop().time()
        if self.last is not None:
            self.longest = max(self.longest, now - self.last)
        self.last = now
        self.answered.set()

    async def answers(self):
        loop = asyncio.get_running_loop()
        with socket.socket() as connection:
            connection.setblocking(False)
            try:
                async with asyncio.timeout(LIMIT):
                    await loop.sock_connect(connection, self.place)
                    await loop.sock_sendall(connection, self.request)
                    reply = await loop.sock_recv(connection, 4096)
            except OSError:
                return False
        return reply.startswith(b"HTTP/1.") and reply[9:12] == b"200"


async def until_answered(targets):
    """Whether each of them answers from now on."""
    for target in targets:
        target.answered.clear()
    try:
        async with asyncio.timeout(PATIENCE):
            for target in targets:
                await target.answered.wait()
    except TimeoutError:
        return False
    return True


async def run(names):
    targets = [Target(name) for name in names]
    polling = [asyncio.create_task(target.poll()) for target in targets]
    if not await until_answered(targets):
        silent = [target.name for target in targets if not target.answered.is_set()]
        # Ends the process with the polling.
        sys.exit(f"poller: no answer from {', '.join(silent)}")
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await until_answered(targets)
    for target in targets:
        target.done = True
    await asyncio.gather(*polling)
    print(json.dumps({target.name: summary(target) for target in targets}))


def summary(target):
    gap = round(target.longest * 1000) if target.answered.is_set() else None
    return {"gap": gap, "asked": target.asked, "failed": target.failed}


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1:]))
