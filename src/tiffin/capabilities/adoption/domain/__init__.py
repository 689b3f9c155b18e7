"""Requirements, retirements and feedback as tables of states; their scores, usage and satisfaction as functions."""
