"""The index over the directory and the walk through a cell. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from dotpha.directory.matching.forms import (
    GROUP_ALIASES,
    Entry,
    Form,
    Word,
    abbreviation_forms,
    form_of,
    name_forms,
    words_of,
)  # fmt: skip
from dotpha.directory.matching.matches import Match, Remark
from dotpha.platform.text import nearest, nfc

# Words that join agencies or say nothing about which one is meant. All folded.
_JOINERS = frozenset(
    {"va", "cung", "voi", "cac", "cua", "co", "lien", "quan", "khac", "mot", "tung", "chu", "tri", "phoi"}
    | {"hop", "nhu", "sau", "gom", "the", "and", "of"}
)
_NEAREST = 3
_LONGEST_CELL = 4000
_MOST_STEPS = 10


@dataclass(frozen=True)
class _Piece:
    """A name found in a cell."""

    cell: str
    first: int
    last: int

    def __str__(self) -> str:
        return self.cell[self.first : self.last]


def _is_joiner(words: Sequence[Word], index: int, unknown: Sequence[Word]) -> bool:
    """Whether a word only joins names. Inside an unknown name "và" belongs to it; "số" only after "một"."""
    word = words[index].folded
    if word == "va":
        return not unknown
    if word == "so":
        return index > 0 and words[index - 1].folded == "mot"
    return word in _JOINERS or word.isdigit()


@dataclass
class _Findings:
    """What has been found so far in one cell. `group_end`: where the last name ended if it was a group's."""

    keys: list[str] = field(default_factory=list)
    doubts: list[Remark] = field(default_factory=list)
    notes: list[Remark] = field(default_factory=list)
    group_end: int | None = None


class Matcher:
    """An index over the directory, built once and asked often. What it answers does not change after building."""

    def __init__(self, entries: Iterable[Entry], group_aliases: Mapping[str, Sequence[str]] = GROUP_ALIASES) -> None:
        self._entries = {entry.key: entry for entry in entries}
        self._forms: dict[Form, list[str]] = {}
        weak: dict[Form, list[str]] = {}
        for entry in self._entries.values():
            names = [*entry.names, *group_aliases.get(entry.key, ())]
            for name in filter(None, map(str.strip, names)):
                self._add(self._forms, form_of(name), entry.key)
                for form in name_forms(entry, name)[1:]:
                    self._add(weak, form, entry.key)
            for abbreviation in entry.abbreviations:
                self._add(self._forms, next(iter(abbreviation_forms(abbreviation)), ()), entry.key)
                for form in abbreviation_forms(abbreviation)[1:]:
                    self._add(weak, form, entry.key)
        # What is derived never makes a name ambiguous that the directory itself gives to somebody.
        for form, keys in weak.items():
            self._forms.setdefault(form, keys)
        self._longest = max(map(len, self._forms), default=0)
        self._names = {name: entry.key for entry in self._entries.values() for name in entry.names if name}
        self._near: dict[tuple[str, int], list[str]] = {}

    @staticmethod
    def _add(forms: dict[Form, list[str]], form: Form, key: str) -> None:
        if form and key not in forms.setdefault(form, []):
            forms[form].append(key)

    def find(self, text: str, on: date, *, near: bool = True) -> Match:
        """The organisations a cell names, on a day. Never raises; an empty cell names none, for certain.

        `near`: look also for the names most like what nobody knows, which takes far longer than the rest.
        """
        text = nfc(text)
        if len(text) > _LONGEST_CELL:
            return Match(doubts=(Remark("too_long", text[:80]),))
        words, found, index = words_of(text), _Findings(), 0
        unknown: list[Word] = []
        while index < len(words):
            length, keys = self._longest_at(words, index)
            if length:
                self._end_unknown(text, unknown, found)
                self._take(keys, _Piece(text, words[index].first, words[index + length - 1].last), on, found)
                index += length
                continue
            if not _is_joiner(words, index, unknown):
                unknown.append(words[index])
            index += 1
        self._end_unknown(text, unknown, found)
        first_unknown = next((each.text for each in found.doubts if near and each.code == "unknown"), None)
        return Match(
            tuple(dict.fromkeys(found.keys)),
            not found.doubts,
            tuple(found.doubts),
            tuple(found.notes),
            tuple(self.nearest(first_unknown)) if first_unknown else (),
        )

    def __contains__(self, key: str) -> bool:
        """Whether this is the key of an organisation."""
        return key in self._entries

    def nearest(self, text: str, count: int = _NEAREST) -> list[str]:
        """The keys of the organisations whose names are most like a text, best first; looked for once for each text."""
        found = self._near.get((text, count))
        if found is None:
            names = nearest(text, self._names, count * 2)
            found = self._near[text, count] = list(dict.fromkeys(self._names[name] for name in names))[:count]
        return found

    def _longest_at(self, words: Sequence[Word], index: int) -> tuple[int, list[str]]:
        """How many words the longest name at an index takes, and the keys that bear it."""
        kept: list[str] = []
        best: tuple[int, list[str]] = (0, [])
        for at in range(index, len(words)):
            word = words[at].folded
            if word in ("va", "cac", "co") and (kept or word == "cac"):
                continue
            kept.append(word)
            if len(kept) > self._longest:
                break
            keys = self._forms.get(tuple(kept))
            if keys:
                best = at - index + 1, keys
        return best

    @staticmethod
    def _end_unknown(text: str, unknown: list[Word], found: _Findings) -> None:
        """Turns the unknown words collected so far into one doubt."""
        while unknown and unknown[-1].folded == "va":
            unknown.pop()
        if unknown:
            found.doubts.append(Remark("unknown", text[unknown[0].first : unknown[-1].last]))
        unknown.clear()

    def _take(self, keys: Sequence[str], piece: _Piece, on: date, found: _Findings) -> None:
        """Puts what a name means on a day among the findings."""
        name = str(piece)
        valid = [key for key in keys if self._entries[key].is_valid(on)] or list(keys)
        if len(valid) > 1:
            found.doubts.append(Remark("ambiguous", name, tuple(valid)))
            return
        entry = self._entries[valid[0]]
        self._narrow(entry, piece, found)
        if not entry.has_ended(on):
            found.keys.append(entry.key)
            if not entry.is_valid(on):
                found.notes.append(Remark("not_yet", name, (entry.key,)))
            return
        heirs = self.successors(entry.key, on)
        if len(heirs) == 1:
            found.keys.append(heirs[0])
            found.notes.append(Remark("former_name", name, tuple(heirs)))
            return
        code = "several_successors" if heirs else "no_successor"
        found.doubts.append(Remark(code, name, tuple(heirs)))

    @staticmethod
    def _narrow(entry: Entry, piece: _Piece, found: _Findings) -> None:
        """In "các địa phương Bắc Ninh, An Giang" the group only introduces the names right after it."""
        is_group = entry.kind == "group"
        if found.group_end is not None and not is_group and found.keys:
            between = piece.cell[found.group_end : piece.first]
            if between in (" ", ": ", ":"):
                found.keys.pop()
        found.group_end = piece.last if is_group else None

    def successors(self, key: str, on: date) -> list[str]:
        """The bodies that stand in the place of a former one on a day, through all steps of succession."""
        waiting = [key]
        found: list[str] = []
        for _step in range(_MOST_STEPS):
            following: list[str] = []
            for each in waiting:
                for heir in self._entries[each].successors:
                    if heir not in self._entries:
                        continue
                    ended = self._entries[heir].has_ended(on)
                    (following if ended else found).append(heir)
            if not following:
                break
            waiting = following
        return list(dict.fromkeys(found))

    def members(self, group_key: str, on: date, kinds: Mapping[str, Iterable[str]]) -> list[str]:
        """The members of a group on a day, in the order of the directory.

        `kinds` gives for each group the kinds of organisation that belong to it. A group without a rule has
        no members: who is "relevant" is for a person to say.
        """
        wanted = frozenset(kinds.get(group_key, ()))
        return [entry.key for entry in self._entries.values() if entry.kind in wanted and entry.is_valid(on)]
