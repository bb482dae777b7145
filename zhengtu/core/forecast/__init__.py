"""When work will be done, from how it went so far: distributions of dates, calibration, abstention."""
