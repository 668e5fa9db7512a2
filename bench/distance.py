#!/usr/bin/env python3
"""A loopback port behind which a server is far away: distance.py HOST:PORT

Prints its own port, and passes every connection on until its standard input ends. What goes either way arrives
half of ROUND_TRIP later, a connection is made one ROUND_TRIP after it was asked for, and no connection has
more than WINDOW bytes under way in one direction that are not yet known to have arrived: as TCP over such a path.
"""

import asyncio
import collections
import socket
import sys

ROUND_TRIP = 0.030
WINDOW = 1 << 20
CHUNK = 1 << 17


async def carry(reader, writer):
    """One direction of one connection, until its end."""
    loop = asyncio.get_running_loop()
    arriving = asyncio.Queue()  # (when, bytes)
    under_way = collections.deque()  # (when its arrival is known here, how many)
    flying = 0

    async def deliver():
        while True:
            due, data = await arriving.get()
            await asyncio.sleep(max(0, due - loop.time()))
            if not data:
                break
            writer.write(data)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()

    delivery = asyncio.create_task(deliver())
    while data := await reader.read(CHUNK):
        now = loop.time()
        arriving.put_nowait((now + ROUND_TRIP / 2, data))
        under_way.append((now + ROUND_TRIP, len(data)))
        flying += len(data)
        # A server that takes its time delays its acknowledgements too.
        while flying + CHUNK > WINDOW or arriving.qsize() * CHUNK > WINDOW:
            if under_way:
                known, count = under_way.popleft()
                flying -= count
                await asyncio.sleep(max(0, known - loop.time()))
            else:
                await asyncio.sleep(ROUND_TRIP / 2)
    arriving.put_nowait((loop.time() + ROUND_TRIP / 2, b""))
    await delivery


async def connect(address, reader, writer):
    host, port = address
    try:
        await asyncio.sleep(ROUND_TRIP)
        far_reader, far_writer = await asyncio.open_connection(host, port, limit=CHUNK)
    except OSError:
        writer.close()
        return
    try:
        await asyncio.gather(carry(reader, far_writer), carry(far_reader, writer))
    except (ConnectionError, asyncio.CancelledError):
        pass  # either end hung up, as it may, or all of this ends
    finally:
        writer.close()
        far_writer.close()


async def main(address):
    server = await asyncio.start_server(lambda *ends: connect(address, *ends), "127.0.0.1", 0,
                                        limit=CHUNK, family=socket.AF_INET, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    far_host, _, far_port = sys.argv[1].rpartition(":")
    asyncio.run(main((far_host, int(far_port))))
