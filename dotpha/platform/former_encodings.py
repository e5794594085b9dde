"""Vietnamese texts of before Unicode: TCVN3 (fonts .VnTime), VNI (fonts VNI-Times) and Windows-1258. Pure.

Read as Western letters they look like "ViÖt Nam", "Vieät Nam" and "Viêòt Nam". Each way of reading turns them back.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping

_TCVN3 = str.maketrans(
    dict(
        zip(
            "¡¢£¤¥¦§¨©ª«¬­®" "µ¶·¸¹»¼½¾ÆÇÈÉÊË" "ÌÎÏÐÑÒÓÔÕÖ" "×ØÜÝÞ" "ßáâãäåæçèéêëìíî" "ïñòóôõö÷øù" "úûüýþ",
            "ĂÂÊÔƠƯĐăâêôơưđ" "àảãáạằẳẵắặầẩẫấậ" "èẻẽéẹềểễếệ" "ìỉĩíị" "òỏõóọồổỗốộờởỡớợ" "ùủũúụừửữứự" "ỳỷỹýỵ",
            strict=True,
        )
    )
)  # fmt: skip
_GRAVE, _ACUTE, _HOOK, _TILDE, _DOT = "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"
_CIRCUMFLEX, _BREVE = "\u0302", "\u0306"
_VNI_MARKS = {
    "ø": _GRAVE, "ù": _ACUTE, "û": _HOOK, "õ": _TILDE, "ï": _DOT, "â": _CIRCUMFLEX, "ê": _BREVE,
    "à": _CIRCUMFLEX + _GRAVE, "á": _CIRCUMFLEX + _ACUTE, "å": _CIRCUMFLEX + _HOOK, "ã": _CIRCUMFLEX + _TILDE,
    "ä": _CIRCUMFLEX + _DOT, "è": _BREVE + _GRAVE, "é": _BREVE + _ACUTE, "ú": _BREVE + _HOOK, "ü": _BREVE + _TILDE,
    "ë": _BREVE + _DOT,
}  # fmt: skip
_VNI_LETTERS = {"ñ": "đ", "ô": "ơ", "ö": "ư", "î": "ỵ", "æ": "ỉ", "ó": "ĩ", "ò": "ị"}
_VNI = re.compile(f"([aeouyôö])([{''.join(_VNI_MARKS)}])|([{''.join(_VNI_LETTERS)}])", re.IGNORECASE)

_TONES = frozenset((_GRAVE, _ACUTE, _HOOK, _TILDE, _DOT))
_VIETNAMESE = (
    frozenset("abcdđeghiklmnopqrstuvxy\u031b")
    | _TONES
    | {_CIRCUMFLEX, _BREVE}
    | {unicodedata.normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in ("", *_TONES)}
)
"""Every sign of a Vietnamese word in small letters, composed or not."""
_SYLLABLE = re.compile(
    r"(?:b|ch?|d|đ|gh?|gi|h|kh?|l|m|ngh?|nh?|ph?|qu|r|s|th?|tr|v|x)?"
    r"(?:[aăâeêioôơuưy]|ai|ao|au|ay|âu|ây|eo|êu|ia|iê|iu|oa|oai|oay|oă|oe|oi|ôi|ơi|oo|ua|uâ|uê|ui|uô|uôi|uơ|uy|uya|uyê"
    r"|uây|ưa|ưi|ươ|ươi|ươu|ưu|iêu|yê|yêu)(?:ch?|m|ng?|nh|p|t)?"
)
_FEWEST = 3
"""Words that tell an encoding: one or two may be of any language."""


def _from_tcvn3(text: str) -> str:
    return text.translate(_TCVN3)


def _from_vni(text: str) -> str:
    def letter(found: re.Match[str]) -> str:
        base, mark, alone = found.groups()
        if alone is None:
            whole = _vni_letter(base) + _VNI_MARKS[mark.lower()]
            return unicodedata.normalize("NFC", whole)
        return _vni_letter(alone)

    return _VNI.sub(letter, text)


def _vni_letter(letter: str) -> str:
    turned = _VNI_LETTERS.get(letter.lower(), letter)
    return turned.upper() if letter.isupper() else turned


def _from_windows(text: str) -> str:
    return unicodedata.normalize("NFC", text.encode("cp1252", errors="replace").decode("cp1258", errors="replace"))


_LATIN = re.compile("[A-Za-z]")
_OF_UNICODE = re.compile("[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")
"""Letters of Vietnamese that the Western encodings do not have."""

WAYS: Mapping[str, Callable[[str], str]] = {"TCVN3": _from_tcvn3, "VNI": _from_vni, "Windows-1258": _from_windows}
"""By the name of an encoding, how a text that was read as Western letters is turned into Unicode."""


def encoding_of(text: str) -> str:
    """The former encoding in which a text is written, or "" for none.

    It is one when most words with letters that no Vietnamese word has turn into Vietnamese ones: at least three, and
    more than there are words with letters that only Unicode has. A sign by itself (a bullet, a quotation mark) is no
    word.
    """
    words = re.findall(r"[^\s!-@[-`{-~]+", text)
    strange = [word for word in words if _is_strange(word) and _LATIN.search(word) and not word.startswith("µ")]
    sound = sum(_OF_UNICODE.search(word) is not None for word in words)
    told = {name: sum(_is_syllable(turn(word)) for word in strange) for name, turn in WAYS.items()}
    name = max(told, key=lambda each: told[each])
    return name if told[name] >= max(_FEWEST, len(strange) * 0.6, sound + 1) else ""


def in_unicode(text: str) -> str:
    """The text itself, or what it says when it is written in a former encoding."""
    name = encoding_of(text)
    return WAYS[name](text) if name else text


def _bare(word: str) -> tuple[str, int]:
    """The letters of a word without tones, and how many tones it has."""
    marks = unicodedata.normalize("NFD", word.lower())
    letters = "".join(each for each in marks if each not in _TONES)
    return unicodedata.normalize("NFC", letters), sum(each in _TONES for each in marks)


def _is_strange(word: str) -> bool:
    return not word.isascii() and not _VIETNAMESE.issuperset(word.lower())


def _is_syllable(word: str) -> bool:
    letters, tones = _bare(word)
    return tones < 2 and _SYLLABLE.fullmatch(letters) is not None
