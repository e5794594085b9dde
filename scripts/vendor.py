"""Remakes the vendored browser files under `dotpha/platform/static/dotpha/` from npm packages.

`make run` needs none of this: the results are committed with their licences. Run it after a version in
`package.json` changed, after a new name in `scripts/icons.txt`, or when a template uses a class of Tabler that
no template used before:

    npm ci && python scripts/vendor.py
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parent.parent
NODE = ROOT / "node_modules"
STATIC = ROOT / "dotpha/platform/static/dotpha"
LICENSES = ROOT / "LICENSES"

LATIN = "U+20-7E,U+A0-FF,U+152-153,U+2013,U+2014,U+2018-201D,U+2022,U+2026,U+20AC,U+2212"
VIETNAMESE = (
    "U+102-103,U+110-111,U+128-129,U+168-169,U+1A0-1A1,U+1AF-1B0,"
    "U+300-301,U+303-304,U+308-309,U+323,U+329,U+1EA0-1EF9,U+20AB"
)
FIGURES = "U+25,U+28-29,U+2B-2F,U+30-39,U+3A,U+2212,U+2013"

# (package, its script file, our name, characters kept or None for all)
FONTS = (
    ("be-vietnam-pro", "latin", "bvp-latin", LATIN),
    ("be-vietnam-pro", "vietnamese", "bvp-viet", VIETNAMESE),
    ("noto-sans-thai", "thai", "thai", None),
    ("noto-sans", "cyrillic", "cyrillic", None),
    ("noto-sans", "latin", "figures", FIGURES),
)

# npm package, file of its licence, name in LICENSES/. @tabler/core carries none: MIT-tabler.txt is kept by hand.
NOTICES = (
    ("@tabler/icons", "LICENSE", "MIT-tabler-icons.txt"),
    ("echarts", "LICENSE", "Apache-2.0-echarts.txt"),
    ("echarts", "NOTICE", "NOTICE-echarts.txt"),
    ("htmx.org", "LICENSE", "0BSD-htmx.txt"),
    ("@fontsource/be-vietnam-pro", "LICENSE", "OFL-1.1-be-vietnam-pro.txt"),
    ("@fontsource/noto-sans", "LICENSE", "OFL-1.1-noto-sans.txt"),
    ("@fontsource/noto-sans-thai", "LICENSE", "OFL-1.1-noto-sans-thai.txt"),
)


def sprite() -> None:
    """One SVG file with the icons of `icons.txt` (Tabler outline) and our own shapes."""
    symbols = re.findall(r"<symbol.*?</symbol>", (ROOT / "scripts/glyphs.svg").read_text(), re.S)
    for name in (ROOT / "scripts/icons.txt").read_text().split():
        drawing = (NODE / f"@tabler/icons/icons/outline/{name}.svg").read_text()
        body = drawing[drawing.index(">", drawing.index("<svg")) + 1 : drawing.rindex("</svg>")]
        body = re.sub(r'<path stroke="none" d="M0 0h24v24H0z"[^>]*/>', "", body)
        body = re.sub(r"\s+", " ", body).replace("> <", "><").replace(" />", "/>").strip()
        symbols.append(
            f'<symbol id="i-{name}" viewBox="0 0 24 24" stroke-linecap="round" stroke-linejoin="round">{body}</symbol>'
        )
    head = '<svg xmlns="http://www.w3.org/2000/svg">'
    (STATIC / "icons.svg").write_text("\n".join([head, *symbols, "</svg>", ""]))


def tabler() -> None:
    """Only those rules of Tabler that a template, a form or a script of ours can meet."""
    used = ["dotpha/**/*.html", "dotpha/**/*.py", "dotpha/platform/static/dotpha/*.js"]
    command = ["npx", "--no-install", "purgecss", "--css", str(NODE / "@tabler/core/dist/css/tabler.min.css")]
    command += ["--content", *used, "--output", str(STATIC / "tabler.css"), "--font-face", "--keyframes"]
    command += ["--variables"]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    css = re.sub(
        r"/\*!.*?\*/|@charset[^;]*;|/\*# sourceMappingURL.*?\*/",
        "",
        (STATIC / "tabler.css").read_text(),
        flags=re.S,
    )
    head = "/* Tabler 1.6.1, MIT licence (LICENSES/MIT-tabler.txt); only the rules our pages use */\n"
    (STATIC / "tabler.css").write_text(head + css.strip() + "\n")


def fonts() -> None:
    """woff2 files of two weights, cut to what the `unicode-range` of `tokens.css` names."""
    for package, script, name, kept in FONTS:
        for weight in (400, 600):
            source = NODE / f"@fontsource/{package}/files/{package}-{script}-{weight}-normal.woff2"
            target = STATIC / f"fonts/{name}-{weight}.woff2"
            if kept is None:
                shutil.copyfile(source, target)
            else:
                cut(source, target, kept)


def cut(source: Path, target: Path, kept: str) -> None:
    """Keep the glyphs of `kept` (a `unicode-range`) with the usual layout features (marks and kerning among them)."""
    font = TTFont(source, recalcTimestamp=False)
    options = subset.Options(flavor="woff2", notdef_outline=True)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=subset.parse_unicodes(kept.replace("U+", "")))
    cutter.subset(font)
    font.flavor = "woff2"
    font.save(target)


def scripts() -> None:
    """htmx and ECharts as they are."""
    shutil.copyfile(NODE / "htmx.org/dist/htmx.min.js", STATIC / "vendor/htmx.min.js")
    shutil.copyfile(NODE / "echarts/dist/echarts.common.min.js", STATIC / "vendor/echarts.common.min.js")


def notices() -> None:
    for package, file, name in NOTICES:
        shutil.copyfile(NODE / package / file, LICENSES / name)


def main() -> int:
    if not NODE.is_dir():
        print("The npm packages are missing. Run `npm ci` first.", file=sys.stderr)
        return 2
    for folder in (STATIC / "fonts", STATIC / "vendor", LICENSES):
        folder.mkdir(parents=True, exist_ok=True)
    for step in (sprite, tabler, fonts, scripts, notices):
        step()
    return 0


if __name__ == "__main__":
    sys.exit(main())
