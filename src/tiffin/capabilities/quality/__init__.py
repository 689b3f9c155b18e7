"""Whether the numbers may be relied on: on time, agreeing, unmoved; and what is wrong with the facts beneath."""
