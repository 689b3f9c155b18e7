"""How far judges agree, how well confidence tells, and whether groups are judged alike, each with its uncertainty."""
