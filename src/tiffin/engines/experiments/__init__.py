"""Trials: what an intervention did, how sure that is, and how a trial has to be laid out to say so."""
