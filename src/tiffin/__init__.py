"""Tiffin: the operations platform of an on-demand delivery marketplace."""
