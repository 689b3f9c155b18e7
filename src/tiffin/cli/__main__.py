"""Lets the command line run as ``python -m tiffin.cli``."""

import sys

from tiffin.cli import main

sys.exit(main())
