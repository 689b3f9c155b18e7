"""The metric engine: definitions, requests, and a compiler from both to SQL of every engine. It runs nothing."""
