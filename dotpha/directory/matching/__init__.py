"""Names of agencies as documents write them -> organisations of the directory (requirement C17). Pure.

An index is built once from rows of the directory; `find` walks a cell word by word and takes the longest
known name at each place. So commas and "và" inside a name do no harm, and names that stand side by side
without any sign between them are still told apart.
"""

from dotpha.directory.matching.forms import GROUP_ALIASES, Entry
from dotpha.directory.matching.matcher import Matcher
from dotpha.directory.matching.matches import SENTENCES, Match, Remark

__all__ = ["GROUP_ALIASES", "SENTENCES", "Entry", "Match", "Matcher", "Remark"]
