"""What a grant opens, in words."""

from collections.abc import Mapping

from tiffin.kernel.contract import Classification
from tiffin.runtime.i18n import mark

CLASSES: Mapping[Classification, str] = {
    Classification.CONFIDENTIAL: mark("money and other confidential columns"),
    Classification.PERSONAL: mark("single people"),
    Classification.SPECIAL: mark("special columns"),
}
