"""Understanding of typed texts: what people keep saying is known already; messages that wait are parsed together."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.engine.constants import PLACEHOLDER_MESSAGE
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_NAME_KEY, METADATA, PREDICTED_CONFIDENCE_KEY, TEXT

MAX_REMEMBERED_CHARACTERS = 20
"""Longest text whose parse is remembered: commands, not stories."""
MAX_REMEMBERED_PARSES = 1000
"""About 3 kB each."""
MOST_TOGETHER = 16
"""Messages in one run of the model: more make a message no cheaper, and the first of them wait longer."""

Parse = dict[str, Any]
Parser = Callable[[UserMessage], Awaitable[Parse]]
_MESSAGE_ID = "message_id"
_REPEATING = (ENTITIES, "parts", "meant")
"""Values of a parse that repeat words of the text: entities, clauses, and what a correction leaves."""


class RecentParses:
    """Cache in front of a parser whose result depends on the text alone.

    Nobody's words are stored: a text is known by a digest under a key that ends with the process, and parses with
    entities, which would repeat a part of the text, are not kept.
    """

    def __init__(self, parse: Parser, size: int = MAX_REMEMBERED_PARSES) -> None:
        self._parse = parse
        self._size = size
        self._key = secrets.token_bytes(16)
        self._known: OrderedDict[bytes, Parse] = OrderedDict()

    async def __call__(self, message: UserMessage) -> Parse:
        """The parse of the message, with its own text, id and metadata."""
        text = message.text or ""
        if len(text) > MAX_REMEMBERED_CHARACTERS:
            return await self._parse(message)
        digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), key=self._key, digest_size=16).digest()
        known = self._known.get(digest)
        if known is None:
            parse = await self._parse(message)
            if not any(parse.get(name) for name in _REPEATING):
                self._remember(digest, parse)
            return parse
        self._known.move_to_end(digest)
        # Rasa writes into the intent and the entities of a parse, and into nothing else.
        own = {TEXT: message.text, _MESSAGE_ID: message.message_id, METADATA: message.metadata}
        return {**known, INTENT: dict(known[INTENT]), ENTITIES: [], **own}

    def _remember(self, digest: bytes, parse: Parse) -> None:
        kept = {name: value for name, value in parse.items() if name not in (TEXT, _MESSAGE_ID, METADATA)}
        self._known[digest] = {**kept, INTENT: dict(kept[INTENT])}
        if len(self._known) > self._size:
            self._known.popitem(last=False)


@dataclass(frozen=True)
class _Waiting:
    message: UserMessage
    done: asyncio.Future[Parse]
    """Gets the parse, or the error."""


class ParseQueue:
    """Parses the messages that wait in one run of the model, which costs little more than a run for one of them.

    A message that comes alone is parsed at once. Several are parsed in a second thread: the matrix products let go of
    the interpreter, so that other turns go on beside them.
    """

    def __init__(self, parse: Callable[[Sequence[UserMessage]], list[Parse]]) -> None:
        """`parse` gives the parses of messages, in their order. It is never called twice at the same time."""
        self._parse = parse
        self._waiting: deque[_Waiting] = deque()
        self._work: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, "understanding")

    async def parse(self, message: UserMessage) -> Parse:
        """The parse of one message. Raises what `parse` raises for it alone."""
        loop = asyncio.get_running_loop()
        waiting = _Waiting(message, loop.create_future())
        self._waiting.append(waiting)
        if self._work is None or self._work.done():
            # It begins once all that has arrived by now is in the queue.
            self._work = loop.create_task(self._parse_waiting())
        return await waiting.done

    async def _parse_waiting(self) -> None:
        while self._waiting:
            count = min(MOST_TOGETHER, len(self._waiting))
            await self._parse_together([self._waiting.popleft() for _ in range(count)])

    async def _parse_together(self, batch: Sequence[_Waiting]) -> None:
        messages = [each.message for each in batch]
        try:
            if len(batch) == 1:
                parses = self._parse(messages)
            else:
                parses = await asyncio.get_running_loop().run_in_executor(self._thread, self._parse, messages)
        except Exception as error:  # noqa: BLE001 - it is handed to whoever asked
            if len(batch) == 1 and not batch[0].done.done():
                batch[0].done.set_exception(error)
            # One message at which the model fails must not fail the others.
            for each in batch if len(batch) > 1 else ():
                await self._parse_together([each])
            return
        for each, parse in zip(batch, parses, strict=True):
            if not each.done.done():
                each.done.set_result(parse)


def parse_together(processor: MessageProcessor, messages: Sequence[UserMessage]) -> list[Parse]:
    """What Rasa's `MessageProcessor._parse_message_with_graph` gives for each of the messages, by one run."""
    target = processor.model_metadata.nlu_target
    found = processor.graph_runner.run(inputs={PLACEHOLDER_MESSAGE: list(messages)}, targets=[target])[target]
    unknown = {TEXT: "", INTENT: {INTENT_NAME_KEY: None, PREDICTED_CONFIDENCE_KEY: 0.0}}
    return [{**unknown, ENTITIES: [], **message.as_dict(only_output_properties=True)} for message in found]
