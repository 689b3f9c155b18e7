"""Tables of the order file in the operational database; all imported here so that the schema knows them."""

from tiffin.capabilities.orders.models.looks import Look as Look
