"""Deadlines as documents print them: phrase -> kind, start, due (contracts, section 4; requirement C7)."""

from dotpha.programmes.rules.deadlines.impossible import impossible_day
from dotpha.programmes.rules.deadlines.phrases import Deadline, Kind, frequency_of, parse
from dotpha.programmes.rules.deadlines.written import Reading, read_day

__all__ = ["Deadline", "Kind", "Reading", "frequency_of", "impossible_day", "parse", "read_day"]
