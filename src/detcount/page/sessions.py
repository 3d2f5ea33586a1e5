"""The files that are open: each with its own process, forgotten on request or when no page asks for it."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any

from detcount.page.protocol import (
    MOST_HEAD,
    Limits,
    Question,
    Reading,
    fault,
    in_all,
    packed,
    unpacked_head,
)
from detcount.words import Message

_ROUND = 1.0  # seconds between looks for what is to be forgotten
_MOST_FORGOTTEN = 1000
ENDED_EARLY = Message(
    "the work ended before there was an answer. Perhaps the memory of this computer did not suffice. Try a "
    "smaller file, or fewer methods"
)


class Full(Exception):
    """There is no place for another file."""


@dataclass
class Opened:
    """A file that somebody sent, and where the work on it stands.

    Parameters
    ----------
    key : str
        What stands in its address, known to whoever sent it.
    name : str
        Name of the file.
    content : bytes
        The file, or the files of a folder one after another.
    seen : float
        When a page asked for it last, by the clock of the sessions.
    parts : sequence of tuple, optional
        Names and bytes of the files of a folder.
    """

    key: str
    name: str
    content: bytes
    seen: float
    parts: Sequence[tuple[str, int]] = ()
    reading: Reading = field(default_factory=Reading)
    question: Question | None = None
    looked: dict[str, Any] | None = None
    notices: list[dict[str, str]] = field(default_factory=list)
    fault: dict[str, Any] | None = None
    files: dict[str, bytes] = field(default_factory=dict)
    files_lang: str = ""
    answered: bool = False
    at_work: bool = False
    stage: str = "start"
    since: float = 0.0
    process: Process | None = None
    task: asyncio.Task[None] | None = None


class Sessions:
    """All files that are open.

    Parameters
    ----------
    limits : Limits
        How many there may be, and how long they are kept.
    clock : callable, optional
        Gives seconds.
    """

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self.limits = limits
        self.clock = clock
        self.opened: dict[str, Opened] = {}
        self.forgotten: dict[str, Message] = {}
        self._ending: set[asyncio.Task[Any]] = set()

    def open(self, name: str, content: bytes, parts: Sequence[tuple[str, int]] = ()) -> Opened:
        """Take a file or a folder, and begin to read it; another that nobody looks at makes room for it.

        Raises
        ------
        Full
            If there is no room.
        """
        self.forget_unseen()
        if len(self.opened) >= self.limits.files:
            idle = [each for each in self.opened.values() if self._unseen(each) > self.limits.makes_room]
            idle = [each for each in idle if not each.at_work]
            if not idle:
                raise Full
            self._leave(min(idle, key=lambda each: each.seen))
        found = Opened(secrets.token_urlsafe(18), name, content, self.clock(), parts)
        self.opened[found.key] = found
        self.look(found, Reading())
        return found

    def find(self, key: str) -> Opened | None:
        """Find a file by its key, and note the time at which it was asked for."""
        found = self.opened.get(key)
        if found is not None:
            found.seen = self.clock()
        return found

    def look(self, found: Opened, reading: Reading) -> None:
        """Begin to read a file in a given way."""
        found.reading, found.looked = reading, None
        self._begin(found, {"do": "look"})

    def ask(self, found: Opened, question: Question, lang: str) -> None:
        """Begin to answer a question."""
        found.question, found.files, found.answered, found.files_lang = question, {}, False, lang
        self._begin(found, {"do": "answer", "question": asdict(question), "lang": lang})

    def stop(self, found: Opened) -> None:
        """End the process of a file with whatever it started; what was read before stays known."""
        ending: list[asyncio.Task[Any]] = []
        if found.task is not None:
            found.task.cancel()
            ending.append(found.task)
        if found.process is not None:
            _kill(found.process)
            ending.append(asyncio.get_running_loop().create_task(_ended(found.process)))
        for task in ending:
            self._ending.add(task)
            task.add_done_callback(self._ending.discard)
        found.process, found.task, found.at_work = None, None, False

    def forget(self, found: Opened) -> None:
        """Forget a file, and all that was made of it."""
        self.stop(found)
        self.opened.pop(found.key, None)

    def forget_unseen(self) -> None:
        """Stop and forget what no page has asked for, for too long."""
        for found in list(self.opened.values()):
            most = self.limits.unseen_at_work if found.at_work else self.limits.unseen
            if self._unseen(found) > most:
                self._leave(found)

    async def keep_forgetting(self) -> None:
        """Look for what is to be forgotten, again and again."""
        while True:
            await asyncio.sleep(_ROUND)
            self.forget_unseen()

    async def close(self) -> None:
        """Forget everything, and wait until every process has ended."""
        for found in list(self.opened.values()):
            self.forget(found)
        await asyncio.gather(*self._ending, return_exceptions=True)

    def _unseen(self, found: Opened) -> float:
        """Seconds since a page asked for a file."""
        return self.clock() - found.seen

    def _leave(self, found: Opened) -> None:
        """Forget a file, and say so to a page that asks for it later."""
        minutes = max(1, round(self._unseen(found) / 60))
        self.forgotten[found.key] = Message.counted(
            "this file was forgotten, since no page asked for it for {n} minute. Send it again",
            "this file was forgotten, since no page asked for it for {n} minutes. Send it again",
            n=minutes,
        )
        while len(self.forgotten) > _MOST_FORGOTTEN:
            self.forgotten.pop(next(iter(self.forgotten)))
        self.forget(found)

    def _begin(self, found: Opened, head: dict[str, Any]) -> None:
        """Begin a piece of work on a file; what is being done on it is stopped."""
        if found.at_work:
            self.stop(found)
        found.fault, found.at_work, found.stage, found.since = None, True, "start", self.clock()
        head = {**head, "name": found.name, "parts": found.parts, "reading": asdict(found.reading)}
        found.task = asyncio.get_running_loop().create_task(self._work(found, head))

    async def _work(self, found: Opened, head: dict[str, Any]) -> None:
        """Hand work to the process of a file, and take in its messages until it is done."""
        process = found.process
        try:
            if process is None or process.returncode is not None:
                process = await _started()
                found.process = process
                body = found.content
            else:
                body = b""
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(packed(head, body))
            await process.stdin.drain()
            while True:
                head, length = unpacked_head(await process.stdout.readuntil(b"\n"))
                content = await process.stdout.readexactly(length)
                if taken(found, head, content):
                    break
        except (OSError, EOFError, ValueError, asyncio.LimitOverrunError):
            found.task = None
            self.stop(found)
            found.fault = fault(in_all(ENDED_EARLY))
        finally:
            if found.task in (None, asyncio.current_task()):
                found.at_work = False


def taken(found: Opened, head: dict[str, Any], content: bytes) -> bool:
    """Take in a message of a process; say whether it is done."""
    match head["is"]:
        case "stage":
            found.stage = head["stage"]
            return False
        case "file":
            found.files[head["name"]] = content
            return False
        case "looked":
            found.looked, found.notices = head["looked"], head["notices"]
        case "answered":
            found.answered = True
        case _:
            found.fault = head
    return True


async def _started() -> Process:
    """Start a process for a file, in a group of its own, so that it ends with whatever it starts."""
    alone: dict[str, Any] = {"start_new_session": True} if os.name == "posix" else {}
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "detcount.page.worker"),
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        limit=MOST_HEAD,
        **alone,
    )


async def _ended(process: Process) -> None:
    """Wait until a process that was killed has ended; what it still says is thrown away."""
    if process.stdin is not None:
        process.stdin.close()
    if process.stdout is not None:
        await process.stdout.read()
    await process.wait()


def _kill(process: Process) -> None:
    """End a process and its children at once."""
    with suppress(ProcessLookupError, PermissionError):
        if os.name == "posix" and process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
        elif process.returncode is None:
            process.kill()
