"""How masked dimensions are named in statements: apart from those that they mask, and told under their names."""

_SUFFIX = " masked"


def masked_name(name: str) -> str:
    """Name the masked dimension of a dimension."""
    return name + _SUFFIX


def plain_name(name: str) -> str:
    """Give the dimension of which a masked one is made; any other name is its own."""
    return name.removesuffix(_SUFFIX)
