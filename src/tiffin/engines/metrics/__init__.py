"""The metric engine: definitions, requests and a compiler from both to SQL of every warehouse engine. Pure: it runs nothing."""
