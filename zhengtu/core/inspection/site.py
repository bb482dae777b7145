"""Where a check on site was made, and how far that is from the house."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, hypot, isfinite, radians

_METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True, slots=True)
class SitePosition:
    """Where somebody stood, as the device says it.

    Attributes:
        longitude, latitude: degrees, WGS 84.
        accuracy_m: metres within which the device trusts it, or None.
    """

    longitude: float
    latitude: float
    accuracy_m: float | None = None

    def is_on_earth(self) -> bool:
        """Whether it names a place at all."""
        return (
            isfinite(self.longitude) and isfinite(self.latitude) and -180 <= self.longitude <= 180
            and -90 <= self.latitude <= 90 and (self.accuracy_m is None or 0 <= self.accuracy_m < 1e6)
        )

    def metres_to(self, bounds: tuple[float, float, float, float]) -> float:
        """Metres to the nearest point of a box in degrees (west, south, east, north); 0 inside it.

        Flat-earth arithmetic: within a city it errs by less than one in a thousand.
        """
        west, south, east, north = bounds
        across = max(west - self.longitude, 0.0, self.longitude - east) * cos(radians(self.latitude))
        along = max(south - self.latitude, 0.0, self.latitude - north)
        return hypot(across, along) * _METRES_PER_DEGREE
