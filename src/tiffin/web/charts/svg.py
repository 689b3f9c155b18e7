"""SVG pieces: elements, text, and the frame that turns shares of an axis into coordinates in reading direction."""

from dataclasses import dataclass

from markupsafe import Markup, escape

from tiffin.runtime.i18n import direction, isolate

WIDE_FROM = "\u1100"
"""First character of the scripts whose letters are about as wide as they are high (Hangul, CJK)."""


def tag(name: str, *children: object, **attributes: object) -> Markup:
    """Build one element; ``class_`` becomes ``class``, an underscore a hyphen, and what is None is left out."""
    written = Markup("").join(
        Markup(' {}="{}"').format(key.rstrip("_").replace("_", "-"), number(value))
        for key, value in attributes.items()
        if value is not None
    )
    inner = Markup("").join(escape(child) for child in children)
    return Markup("<{0}{1}>{2}</{0}>").format(Markup(name), written, inner)  # noqa: S704 - the name is ours, never input


def number(value: object) -> str:
    """Write a coordinate with at most one decimal, anything else as it is."""
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)


def label(x: float, y: float, text: str, *, css: str = "label", anchor: str = "middle") -> Markup:
    """Place a text; ``start`` and ``end`` follow the reading direction."""
    return tag("text", text, x=x, y=y, class_=css, text_anchor=anchor)


def text_width(text: str, *, size: float = 11) -> float:
    """Estimate a text's width in units of the drawing, since the server has no fonts to measure with."""
    return sum(size * (1.0 if character >= WIDE_FROM else 0.56) for character in text)


def shortened(text: str, *, width: float, size: float = 11) -> str:
    """Cut a text that would not fit, with an ellipsis."""
    if text_width(text, size=size) <= width:
        return text
    kept = text
    while kept and text_width(kept, size=size) > width - size:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


@dataclass(frozen=True, slots=True)
class Frame:
    """The drawing area inside its margins, mirrored where the script runs right to left.

    Parameters
    ----------
    start, end : float
        Margins where reading begins and ends; ``start`` is left in English and right in Arabic.
    """

    width: float
    height: float
    start: float
    end: float
    top: float
    bottom: float
    locale: str

    @property
    def mirrored(self) -> bool:
        """Tell whether the script runs right to left."""
        return direction(self.locale) == "rtl"

    @property
    def inner_width(self) -> float:
        """Width between the margins."""
        return self.width - self.start - self.end

    @property
    def inner_height(self) -> float:
        """Height between the margins."""
        return self.height - self.top - self.bottom

    def along(self, distance: float) -> float:
        """Turn a distance from where reading begins into a horizontal coordinate."""
        return self.width - distance if self.mirrored else distance

    def x(self, share: float) -> float:
        """Turn a share of the horizontal axis (0 where reading begins) into a coordinate."""
        return self.along(self.start + share * self.inner_width)

    def y(self, share: float) -> float:
        """Turn a share of the vertical axis (0 at the bottom) into a coordinate."""
        return self.top + (1 - share) * self.inner_height

    def box(self, first: float, last: float, **attributes: object) -> Markup:
        """Draw a rectangle between two shares of the horizontal axis; ``y`` and ``height`` come as attributes."""
        left, right = sorted((self.x(first), self.x(last)))
        title = attributes.pop("title", None)
        children = () if title is None else (tag("title", title),)
        return tag("rect", *children, x=left, width=max(right - left, 0.5), **attributes)

    def isolated(self, text: str) -> str:
        """Isolate a number, so that its sign and unit keep their places beside right-to-left script."""
        return isolate(text) if self.mirrored else text
