"""Words that must not be seen by the wrong people: one unmistakable token for each private column."""

from dataclasses import dataclass, field


@dataclass
class Tokens:
    """What was planted, and which relations may read it."""

    readers: dict[str, frozenset[str]] = field(default_factory=dict)  # token -> relations
    columns: set[str] = field(default_factory=set)

    def plant(self, column: str, *readers: str, lead: str = "") -> str:
        """A token for "Model.column", readable by these relations; `lead` is put before it."""
        token = f"zq{len(self.readers):03d}{column.replace('.', '').replace('_', '').lower()}"
        self.readers[token] = frozenset(readers)
        self.columns.add(column)
        return f"{lead}{token}"

    def wrongly_in(self, text: str, relation: str) -> list[str]:
        """The tokens in a text that this relation has no right to."""
        lowered = text.lower()
        return [token for token, readers in self.readers.items() if relation not in readers and token in lowered]

    def rightly_in(self, text: str, relation: str) -> set[str]:
        """The tokens in a text that this relation may read."""
        lowered = text.lower()
        return {token for token, readers in self.readers.items() if relation in readers and token in lowered}
