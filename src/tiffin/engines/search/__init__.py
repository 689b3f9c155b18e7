"""Finding what is meant: described in one language, asked for in another, through concepts with words in all."""
