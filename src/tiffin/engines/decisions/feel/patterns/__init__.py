"""Regular expressions of XPath, as FEEL's ``matches``, ``replace`` and ``split`` use them, matched in bounded time."""
