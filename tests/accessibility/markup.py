"""Is what we send HTML as its standard has it? Browsers mend what is not, each silently."""

import html5lib


def markup_problems(html: str) -> list[str]:
    """Each parse error of the HTML standard, with the place in what was sent."""
    parser = html5lib.HTMLParser()
    parser.parse(html)
    lines = [*html.split("\n"), ""]
    return [
        f"{code} {given.get('name', '')} at {line}:{column}: {lines[line - 1][max(0, column - 60) : column + 20]!r}"
        for (line, column), code, given in parser.errors
    ]
