"""What is out of the ordinary in a day's facts: forecasts with moving holidays, shapes of the day, repeated contents."""
