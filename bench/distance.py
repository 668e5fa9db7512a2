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
CHUNK = 1 << 18


class End(asyncio.BufferedProtocol):
    """One end of a connection. What comes in there goes out at the other end."""

    free = []  # chunks that nobody has: a path should cost the two ends of it little time

    def __init__(self, other=None):
        self.other = other or End(self)
        self._loop = asyncio.get_running_loop()
        self._transport = None
        self._full = False  # takes nothing more out for now
        self._chunk = None
        self._flying = 0  # bytes that came in, not known to have gone out
        self._arriving = collections.deque()  # (when, chunk, its bytes), in their order

    def connection_made(self, transport):
        self._transport = transport

    def connection_lost(self, _error):
        self.other.close()

    def close(self):
        if self._transport:
            self._transport.close()

    def start(self):
        self._transport.resume_reading()

    def stop(self):
        self._transport.pause_reading()

    def get_buffer(self, _sizehint):
        self._chunk = End.free.pop() if End.free else bytearray(CHUNK)
        return memoryview(self._chunk)[:WINDOW - self._flying]

    def buffer_updated(self, size):
        self._send(self._chunk, size)
        self._flying += size
        if self._flying == WINDOW:
            self.stop()

    def eof_received(self):
        self._send(None, 0)
        return True  # the other way may go on

    def pause_writing(self):
        self._full = True

    def resume_writing(self):
        self._full = False
        self.other.deliver()

    def take_out(self, chunk, size):
        """False while there is no room: a server that takes its time delays what follows."""
        if self._full or not self._transport or self._transport.is_closing():
            return False
        if chunk is None:
            self._transport.write_eof()
        else:
            self._transport.write(memoryview(chunk)[:size])
        return True

    def deliver(self):
        """Everything that has arrived by now."""
        now = self._loop.time()
        while self._arriving and self._arriving[0][0] <= now:
            _, chunk, size = self._arriving[0]
            if not self.other.take_out(chunk, size):
                return
            self._arriving.popleft()
            if chunk is not None:
                End.free.append(chunk)
                self._loop.call_later(ROUND_TRIP / 2, self._known, size)

    def _send(self, chunk, size):
        due = self._loop.time() + ROUND_TRIP / 2
        self._arriving.append((due, chunk, size))
        self._loop.call_at(due, self.deliver)

    def _known(self, size):
        if self._flying == WINDOW and not self._transport.is_closing():
            self.start()
        self._flying -= size


class Near(End):
    """The end that whoever is near connected to."""

    def __init__(self, address):
        super().__init__()
        self._address = address

    def connection_made(self, transport):
        super().connection_made(transport)
        self.stop()
        self._loop.call_later(ROUND_TRIP, lambda: self._loop.create_task(self._connect()))

    async def _connect(self):
        try:
            await self._loop.create_connection(lambda: self.other, *self._address)
            self.start()
        except OSError:
            self.close()


async def main(address):
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Near(address), "127.0.0.1", 0,
                                      family=socket.AF_INET, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    far_host, _, far_port = sys.argv[1].rpartition(":")
    asyncio.run(main((far_host, int(far_port))))
