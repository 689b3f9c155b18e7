"""From a request to one statement: sources scanned, frames laid together, SQL from fragments."""
