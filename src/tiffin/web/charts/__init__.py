"""Charts drawn on the server: accessible SVG without script, for pages and for files that travel by e-mail."""
