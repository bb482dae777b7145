"""安置: who comes home when, by which option and at what cost; lots that anybody can replay."""
