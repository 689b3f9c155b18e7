"""A small bar to either side of nought, beside a number that says the same."""

from markupsafe import Markup

from tiffin.web.charts.svg import Frame, tag

WIDTH, HEIGHT = 120.0, 8.0


def contribution_bar(share: float, *, locale: str) -> Markup:
    """Draw a contribution as a share of the largest one, -1..1; what adds runs in reading direction from the middle."""
    frame = Frame(WIDTH, HEIGHT, 0, 0, top=0, bottom=0, locale=locale)
    held = max(-1.0, min(1.0, share))
    first, last = sorted((0.5, 0.5 + held / 2))
    middle = frame.x(0.5)
    return tag(
        "svg",
        frame.box(first, last, y=1, height=HEIGHT - 2, class_=f"bar {'more' if held >= 0 else 'less'}"),
        tag("line", x1=middle, x2=middle, y1=0, y2=HEIGHT, class_="axis"),
        viewBox=f"0 0 {WIDTH:g} {HEIGHT:g}",
        preserveAspectRatio="none",
        aria_hidden="true",
        focusable="false",
    )
