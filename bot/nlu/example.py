"""Training examples that Rasa may copy and compare as often as it likes."""

from __future__ import annotations

from typing import Any

from rasa.nlu.constants import TOKENS_NAMES
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.utils.io import get_text_hash

_WORDS = frozenset(TOKENS_NAMES.values())


class Example(Message):
    """A message that is quick to copy, hash and fingerprint.

    Rasa does all three at every step of a training, item by item through every word of every
    example; for forty thousand examples that takes longer than learning from them.
    """

    _cached_fingerprint: str | None

    @classmethod
    def of(cls, message: Message) -> Example:
        """The same message; what it holds is shared."""
        return cls(message.data, message.output_properties, message.time, message.features)

    def __deepcopy__(self, memo: Any) -> Example:
        # What an example holds is replaced by components, never changed in place.
        return type(self)(self.data, set(self.output_properties), self.time, list(self.features))

    def __hash__(self) -> int:
        return hash((self.get(TEXT), self.get(INTENT)))

    def fingerprint(self) -> str:
        """A hash of all that the message holds, the same in every process."""
        if self.features:
            return super().fingerprint()
        if self._cached_fingerprint is None:
            told = [
                (name, [word.text for word in held] if name in _WORDS else held)
                for name, held in sorted(self.data.items())
            ]
            self._cached_fingerprint = get_text_hash(repr(told))
        return self._cached_fingerprint
