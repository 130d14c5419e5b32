"""What the model made of short texts that people keep saying ("next", "ok"), so that it is worked out once."""

from __future__ import annotations

import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES, INTENT, METADATA, TEXT

LONGEST = 20
"""Characters of a text that is remembered: commands, not stories."""
REMEMBERED = 1000
"""Texts; about 3 kB each."""
MESSAGE_ID = "message_id"

Parse = dict[str, Any]
Parser = Callable[[UserMessage, DialogueStateTracker, bool], Parse]


class RecentParses:
    """Stands before the parser of a processor whose pipeline looks at nothing but the text.

    No word of anybody stays here: a text is known by a digest under a key that dies with the process, and what has
    an entity, which would repeat a part of it, is not remembered.
    """

    def __init__(self, parse: Parser) -> None:
        self._parse = parse
        self._key = secrets.token_bytes(16)
        self._known: OrderedDict[bytes, Parse] = OrderedDict()

    def __call__(
        self,
        message: UserMessage,
        tracker: DialogueStateTracker,
        only_output_properties: bool = True,  # noqa: FBT001, FBT002 - the signature of Rasa's own
    ) -> Parse:
        """As `MessageProcessor._parse_message_with_graph`."""
        text = message.text or ""
        if len(text) > LONGEST or not only_output_properties:
            return self._parse(message, tracker, only_output_properties)
        digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), key=self._key, digest_size=16).digest()
        known = self._known.get(digest)
        if known is None:
            found = self._parse(message, tracker, only_output_properties)
            if not found.get(ENTITIES):
                self._remember(digest, found)
            return found
        self._known.move_to_end(digest)
        # Rasa writes into the intent of what it is given, and into nothing else.
        own = {TEXT: message.text, MESSAGE_ID: message.message_id, METADATA: message.metadata}
        return {**known, INTENT: dict(known[INTENT]), ENTITIES: [], **own}

    def _remember(self, digest: bytes, found: Parse) -> None:
        kept = {name: value for name, value in found.items() if name not in (TEXT, MESSAGE_ID, METADATA)}
        self._known[digest] = {**kept, INTENT: dict(kept[INTENT])}
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)


def stand_before(processor: MessageProcessor) -> None:
    """From now on `processor` remembers; doing it again changes nothing."""
    name = "_parse_message_with_graph"
    if not isinstance(vars(processor).get(name), RecentParses):
        setattr(processor, name, RecentParses(getattr(processor, name)))
