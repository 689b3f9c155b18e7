"""What is out of the ordinary in the facts of a day: forecasts with moving holidays, shapes, repeated contents."""
