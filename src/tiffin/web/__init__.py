"""How pages look: layout, navigation, components, charts, maps, HTTP errors."""
