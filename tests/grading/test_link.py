"""Messages over a socket, and what the checker makes of replies that no honest process sends."""

import os
import socket
import struct
import subprocess
import sys
import threading
from contextlib import closing, contextmanager, suppress
from time import monotonic, sleep

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bplib.course import watch
from bplib.grading.sandbox.clock import MOST, Clock, Deadline, kept_waiting, used_by, waited
from bplib.grading.sandbox.link import Channel, Lost, in_words
from bplib.grading.sandbox.stand_in import CheckerEnd, FromStudent, StandIn
from bplib.grading.sandbox.values import LARGEST, packed, unpacked


@contextmanager
def ends():
    """A channel, and the socket at the other end of it."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield Channel(ours), theirs


@contextmanager
def meanwhile(function, *arguments):
    thread = threading.Thread(target=function, args=arguments)
    thread.start()
    yield
    thread.join(10)
    assert not thread.is_alive()


def frame(message):
    data = packed(message)
    return struct.pack(">I", len(data)) + data


# ----------------------------------------------------------------------------------------------- messages


@settings(max_examples=50)
@given(
    messages=st.lists(st.binary(max_size=300) | st.integers(0, 9), min_size=1, max_size=4),
    cuts=st.lists(st.integers(0, 400), max_size=8),
)
def test_messages_arrive_in_whatever_pieces_they_come(messages, cuts):
    data = b"".join(map(frame, messages))
    places = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})

    def send(connection):
        for start, end in zip(places, places[1:], strict=False):
            connection.sendall(data[start:end])

    with ends() as (channel, other), meanwhile(send, other):
        assert [channel.receive(Deadline(5)) for _ in messages] == messages


def test_a_message_larger_than_the_sockets_buffer_arrives():
    message = {"value": bytes(20_000_000)}
    with ends() as (channel, other), meanwhile(Channel(other).send, message):
        assert channel.receive(Deadline(20)) == message


@pytest.mark.parametrize("sent", [b"", b"\0\0", struct.pack(">I", 9) + b"part"])
def test_what_does_not_come_to_its_end_in_time_is_late(sent):
    with ends() as (channel, other):
        other.sendall(sent)
        began = monotonic()
        with pytest.raises(Lost, match="did not answer in time"):
            channel.receive(Deadline(0.3))
    assert 0.25 < monotonic() - began < 60


def test_whoever_goes_on_sending_is_late_all_the_same():
    def drip(connection):
        with suppress(OSError):
            connection.sendall(struct.pack(">I", 1000))
            while True:
                connection.sendall(b"x")
                sleep(0.02)

    with ends() as (channel, other), meanwhile(drip, other):
        with pytest.raises(Lost, match="did not answer in time"):
            channel.receive(Deadline(0.3))
        channel.close()


def test_the_time_in_which_the_other_side_stood_waiting_for_a_processor_does_not_count():
    asked = []

    def has_waited():
        """At the end of its time it turns out that it has only waited; then it answers."""
        if asked:
            other.sendall(frame("an answer"))
        asked.append(None)
        return len(asked)

    with ends() as (channel, other):
        assert channel.receive(Deadline(0.2, has_waited)) == "an answer"


def test_a_limit_comes_to_an_end_however_much_is_waited():
    began = monotonic()
    deadline = Deadline(0.1, monotonic)
    while deadline.left():
        sleep(0.01)
    assert monotonic() - began >= MOST * 0.1


def test_two_processes_share_a_clock():
    with closing(Clock()) as clock:
        if not (child := os.fork()):
            Clock(clock.file).seconds[0] = 2.5
            os._exit(0)
        os.waitpid(child, 0)
        assert clock() == 2.5


def test_whoever_shares_one_processor_waits_and_whoever_sleeps_does_not():
    here = {min(os.sched_getaffinity(0))}
    busy = [sys.executable, "-c", "while True: pass"]
    started = [subprocess.Popen(command) for command in (["sleep", "60"], busy, busy)]
    try:
        for each in started:
            os.sched_setaffinity(each.pid, here)
        end = monotonic() + 300
        while min(waited(each.pid) for each in started[1:]) < 1:
            assert monotonic() < end
            sleep(0.05)
        assert waited(started[0].pid) < 1
        yours = waited(started[1].pid)
        assert kept_waiting(started[1].pid, -1e9) >= yours  # nobody can have used that many seconds
        assert kept_waiting(started[1].pid, monotonic()) == 0.0  # all that ran since are its own
    finally:
        for each in started:
            each.kill()
            each.wait()


BUSY_AS_ITS_CHILD = """import os, time
child = os.fork()
while time.process_time() < 0.5:
    pass
if not child:
    os._exit(0)
os.wait()
print(flush=True)
input()
"""


def test_what_a_child_that_has_ended_has_used_is_time_of_its_parent():
    here = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", BUSY_AS_ITS_CHILD], stdin=here, stdout=here) as process:
        process.stdout.readline()
        assert used_by([process.pid]) > 0.9
        process.communicate(b"\n")
    assert used_by([process.pid]) == 0.0


@pytest.mark.parametrize("sent", [b"", b"\0\0", struct.pack(">I", 9) + b"part"])
def test_whoever_closes_the_connection_has_ended(sent):
    with ends() as (channel, other):
        other.sendall(sent)
        other.close()
        with pytest.raises(Lost, match=r"^ended$"):
            channel.receive(Deadline(5))
        with pytest.raises(Lost, match=r"^ended$"):
            channel.send({"value": bytes(10_000_000)})


def test_a_message_that_says_it_is_too_large_is_not_waited_for():
    with ends() as (channel, other):
        other.sendall(struct.pack(">I", LARGEST + 1))
        with pytest.raises(Lost, match="sent more than can be read"):
            channel.receive(Deadline(5))


def test_a_reader_is_told_what_happened_and_for_how_long_it_was_waited():
    assert "did not finish within 2.5 s" in in_words(Lost("did not answer in time"), 2.5)
    assert "ended Python" in in_words(Lost("ended"), 2.5)
    assert in_words(Lost("used more than 600 MB of memory"), 2.5) == "used more than 600 MB of memory"


# ---------------------------------------------------------------------------------------- forged replies


class Forged:
    """A channel to a student's process that sends what it likes."""

    def __init__(self, *replies):
        self.replies, self.sent = list(map(packed, replies)), []

    def send(self, message):
        self.sent.append(unpacked(packed(message)))

    def receive(self, deadline=None):
        if not self.replies:
            raise Lost("ended")
        return unpacked(self.replies.pop(0))


def checker(*replies):
    end = CheckerEnd(None, patience=5, clock=lambda: 0.0, namespace={})
    end.channel = Forged(*replies)
    return end


HONEST = {"changes": [], "forget": []}
LOST = "sent something that cannot be read"


@pytest.mark.parametrize(
    "reply",
    [
        7,
        None,
        [],
        "value",
        {},
        HONEST,
        {"value": 1},
        HONEST | {"value": ["no such tag"]},
        HONEST | {"value": ["shared", 3]},
        HONEST | {"value": ["yours", 3]},
        HONEST | {"value": ["theirs", [], ["f", False]]},
        HONEST | {"value": ["theirs", 0, []]},
        HONEST | {"value": ["theirs", 0, ["a\0b", False]]},
        HONEST | {"value": ["list", 0, [1]], "forget": 3},
        HONEST | {"value": 1, "changes": [[0, "list", [1]]]},
        HONEST | {"value": ["array", 1, "<f8", [2**62, 0], "C", True, b""]},
        HONEST | {"value": ["array", 1, "<f8", [10**9], "C", True, b"12345678"]},
        HONEST | {"value": ["array", 1, "|O", [1], "C", True, b"12345678"]},
        HONEST | {"value": ["generator", 1, "RandomState", 5]},
        HONEST | {"error": "theirs"},
        HONEST | {"error": "theirs", "kinds": [], "text": ""},
        HONEST | {"error": "theirs", "kinds": [["builtins"]], "text": ""},
        HONEST | {"error": "theirs", "kinds": [["builtins", "a\0b"]], "text": ""},
        HONEST | {"error": "yours", "number": 0},
        HONEST | {"error": "yours", "number": []},
        HONEST | {"value": 1, "seen": 5},
        HONEST | {"value": 1, "seen": {"used": 5}},
        HONEST | {"value": 1, "seen": {"peak": "much"}},
        HONEST | {"value": 1, "seen": {"verdict": True}},
    ],
)
def test_a_forged_reply_costs_the_process_that_sent_it(reply):
    end = checker(reply)
    with watch.watching(), pytest.raises(Lost, match=LOST):
        end.ask("look up", "f")
    with pytest.raises(Lost, match=LOST):  # and it is not asked again
        end.ask("look up", "f")


words = st.sampled_from(
    """
    do with mind value error kinds text number seen changes forget theirs yours call get set list shared
    builtins SystemExit KeyError used peak
""".split()
)
junk = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 9) | st.floats() | st.binary(max_size=9) | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=10,
)


@settings(max_examples=200)
@given(st.lists(st.dictionaries(words, junk, max_size=6).map(lambda forged: HONEST | forged), max_size=3))
def test_replies_of_any_form_raise_what_a_students_code_may_raise_and_nothing_else(replies):
    end = checker(*replies)
    try:
        with watch.watching():
            end.ask("call", len, (), ())
    except Lost:
        pass
    except BaseException as error:
        assert isinstance(error, FromStudent)
    assert all("value" not in message for message in end.channel.sent)  # no call of theirs was answered


def asked(thing, *requests):
    """What the checker answers to these, while it has handed over a thing of a test."""
    end = checker(*(HONEST | {"do": do, "with": with_, "mind": None} for do, with_ in requests))
    with pytest.raises(Lost):
        end.ask("call", thing, (), ())
    return end.channel.sent[1:]


ME, NOTHING = ["yours", 0], ["tuple", [], None]


@pytest.mark.parametrize(
    "request_",
    [
        ("get", [ME, "__globals__"]),
        ("get", [ME, "__defaults__"]),
        ("set", [ME, "secret", 3]),
        ("open", [ME, NOTHING, NOTHING]),
        ("call", [None, NOTHING, NOTHING]),
        ("call", []),
        ("call", [["module", "os"], NOTHING, NOTHING]),
    ],
)
def test_nothing_is_done_with_a_function_of_the_test_but_to_call_it(request_):
    def of_test(secret=42):
        return secret

    called, refused = asked(of_test, ("call", [ME, NOTHING, NOTHING]), request_)
    assert called["value"] == 42
    assert refused["error"] == "callback"


def test_what_both_sides_share_has_no_methods_over_there():
    end = checker(HONEST | {"do": "get", "with": [["shared", 0], "tofile"], "mind": None})
    with pytest.raises(Lost):
        end.ask("call", np.zeros(2))
    assert "cannot be done" in end.channel.sent[1]["text"]


def test_a_thing_of_an_earlier_test_may_not_be_used_any_more():
    call = HONEST | {"do": "call", "with": [ME, NOTHING, NOTHING], "mind": None}
    end = checker(call, HONEST | {"value": 1}, call)
    end.ask("call", lambda: 42)
    assert end.channel.sent[1]["value"] == 42
    end.withdraw()
    with pytest.raises(Lost, match=LOST):
        end.ask("look up", "f")


def test_when_nothing_stands_for_a_thing_any_more_the_students_process_is_told():
    thing = HONEST | {"value": ["theirs", 4, ["Net", False]]}
    end = checker(thing, HONEST | {"value": 1}, thing, HONEST | {"value": 1}, HONEST | {"value": 1})
    kept = end.ask("look up", "net")
    assert type(kept).__mro__[1] is StandIn
    end.ask("look up", "x")
    del kept
    kept = end.ask("look up", "net")  # the same thing again: by now there are stand-ins for it again
    end.ask("look up", "x")
    del kept
    end.ask("look up", "x")
    assert [message["gone"] for message in end.channel.sent] == [[], [], [4], [], [4]]


@pytest.mark.parametrize("kind", [SystemExit, KeyboardInterrupt, StopIteration, UnicodeDecodeError, KeyError])
def test_an_error_that_a_student_raises_is_one_of_that_kind_and_says_what_it_said(kind):
    kinds = [["__main__", "Mine"], ["builtins", kind.__name__], ["builtins", "object"]]
    end = checker(HONEST | {"error": "theirs", "kinds": kinds, "text": "I said so"})
    with pytest.raises(kind, match=r"^I said so$") as caught:
        end.ask("look up", "f")
    assert caught.type.__name__ == "Mine"
