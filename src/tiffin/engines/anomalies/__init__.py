"""What is out of the ordinary in a day's facts: forecasts with moving holidays, profiles of the day, doubled contents."""
