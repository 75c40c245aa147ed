"""Calls from one process into the other, over a socket.

Both sides are a Peer. One asks and waits; until the answer comes, it answers what the other asks in
between: a student's function that was given a function of the test calls it. What is not plain stays where
it is, and the other side gets a number for it.
"""

import struct
from itertools import count

from .sharing import Sharing
from .values import LARGEST, UNREADABLE, NotPlain, packed, unpacked

LENGTH = struct.Struct(">I")


class Lost(Exception):
    """The other process is gone, or did not answer in time."""


ENDED, LATE = "ended", "did not answer in time"


def in_words(lost, seconds):
    """What a Lost means, for a reader: the end of a sentence about some code."""
    return {
        ENDED: "ended Python: an exit, a crash or not enough memory",
        LATE: f"did not finish within {seconds:g} s; is there a loop that never ends?",
    }.get(str(lost), str(lost))


class Channel:
    """Messages over a socket, each with its length in front."""

    def __init__(self, connection):
        self.socket = connection

    def send(self, message):
        data = packed(message)
        try:
            self.socket.settimeout(60)
            self.socket.sendall(LENGTH.pack(len(data)) + data)
        except OSError:
            raise Lost(ENDED) from None

    def receive(self, deadline=None):
        """The next message. Raises Lost at the end of the connection or after a Deadline."""
        (length,) = LENGTH.unpack(self._bytes(LENGTH.size, deadline))
        if length > LARGEST:
            raise Lost("sent more than can be read")
        return unpacked(self._bytes(length, deadline))

    def _bytes(self, length, deadline):
        data = bytearray()
        while len(data) < length:
            try:
                self.socket.settimeout(None if deadline is None else max(0.001, deadline.left()))
                part = self.socket.recv(min(length - len(data), 1 << 20))
            except TimeoutError:
                if deadline.left():  # the other side has stood waiting for a processor
                    continue
                raise Lost(LATE) from None
            except OSError:
                raise Lost(ENDED) from None
            if not part:
                raise Lost(ENDED)
            data += part
        return bytes(data)

    def close(self):
        self.socket.close()


class Peer(Sharing):
    """One end of the link.

    exports    {number: thing} that the other side may ask for: what was handed over and is not plain
    """

    def __init__(self, connection, first, forgets=False):
        super().__init__(first, forgets)
        self.channel, self.exports, self.exported, self.deadline = Channel(connection), {}, {}, None
        self.count = count()
        self.readers |= {"yours": lambda number: self.exports[number], "theirs": self.read_theirs}

    def write_foreign(self, x):
        """A thing that stays here, as a number and what the other side should know of it."""
        number = self.exported.get(id(x))
        if number is None:
            number = self.exported[id(x)] = next(self.count)
            self.exports[number] = x
        return ["theirs", number, self.about(x)]

    def withdraw(self):
        """Nothing that was handed over so far may be asked for any more."""
        self.exports.clear()
        self.exported.clear()

    def about(self, x):
        return [type(x).__name__, isinstance(x, type)]

    def ask(self, action, *arguments, mind=None, names=()):
        """Have the other side do something with these arguments; what it returned. Raises what it raised.

        names    name, value, name, value …: what these names mean meanwhile
        """
        self.tell({"do": action, "with": list(arguments), "mind": mind, "names": list(names)})
        while True:
            message = self.hear()
            if "do" in message:
                self.answer(message)
            elif "error" in message:
                raise self.error_from(message)
            else:
                return self.done(message)

    def done(self, message):
        return message["value"]

    def answer(self, message):
        """Do what the other side asks, and tell what came of it."""
        try:
            reply = {"value": self.perform(message)}
        except BaseException as error:
            reply = self.reply_for(error)
        try:
            self.tell(reply)
        except (NotPlain, ValueError, RecursionError, MemoryError) as problem:
            error = TypeError(f"an answer that cannot be checked: {problem}")
            self.tell(self.reply_for(error), changes=False)  # one of them may be what cannot cross

    def tell(self, message, changes=True):
        """Send a message, with what has changed in the things that both sides hold."""
        known = set(self.objects)
        try:
            written = {key: self.write_part(key, part) for key, part in message.items()}
            changed, marks = self.changes() if changes else ([], {})
            unused = self.unused() if changes else []
            self.channel.send(written | {"changes": changed, "forget": unused})
        except BaseException:
            self.drop(self.objects.keys() - known)  # of these the other side has not heard
            raise
        self.marks |= marks
        self.agree()
        self.drop(unused)

    def write_part(self, key, part):
        if key in ("with", "names"):
            return [self.write(each) for each in part]
        return self.write(part) if key == "value" else part

    def hear(self):
        """The next message, read; what has changed on the other side has changed here then."""
        try:
            message = self.channel.receive(self.deadline)
            for key in ("with", "names"):
                if key in message:
                    message[key] = list(self.read(["tuple", message[key], None]))
            if "value" in message:
                message["value"] = self.read(message["value"])
            self.apply(message["changes"])
            self.agree({number for number, *_ in message["changes"]})
            self.drop(message["forget"])
        except (NotPlain, *UNREADABLE):
            raise Lost("sent something that cannot be read") from None  # and both sides may differ by now
        return message
