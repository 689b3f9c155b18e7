"""Tables of links in the operational database; all imported here so that the schema knows them."""

from tiffin.capabilities.service.models import webhooks as webhooks
